/** A JSON object, of which nothing else is known. */
export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as an object; anything else counts as one without members. */
export const asRecord = (value: unknown): Json => (isRecord(value) ? value : {});

/** A value as text; anything else counts as none. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The value at the end of a path; undefined where the path leads nowhere. */
export const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, step) => (Array.isArray(inner) || isRecord(inner) ? memberOf(inner, step) : undefined),
    value,
  );

const memberOf = (value: Json | readonly unknown[], step: string | number): unknown =>
  Object.hasOwn(value, step) ? (value as Json)[String(step)] : undefined;
