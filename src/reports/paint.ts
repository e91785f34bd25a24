import { styleText } from 'node:util';

const styles = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

/** Puts colour on a text, or leaves it as it is. */
export type Paint = { readonly [style in (typeof styles)[number]]: (text: string) => string };

/** Whether there is colour was decided at the edge: by NO_COLOR, FORCE_COLOR, TERM and whether a person looks on. */
export const createPaint = (colour: boolean): Paint => {
  const entries = styles.map((style) => [
    style,
    colour ? (text: string) => styleText(style, text, { validateStream: false }) : (text: string) => text,
  ]);
  return Object.fromEntries(entries) as Paint;
};
