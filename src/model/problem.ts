/** Something wrong with an input: where in it, and what was expected instead (lower case, no full stop). */
export type Problem = { readonly path: Path; readonly message: string };

/** The way to a value: member names and list indexes. */
export type Path = readonly (string | number)[];

/** A value that was parsed once and is trusted from then on, or everything that is wrong with it. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** A path as people write it: `spec.rules[2].match`. */
export const showPath = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );

/** What whatever was thrown has to say. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
