/**
 * A text with whatever nobody can see in it made visible: control characters, and those that turn the direction of the
 * text around and so make a line look like another one. Tabs and new lines stay.
 */
export const visible = (text: string): string =>
  text.toWellFormed().replaceAll(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const unseen = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The same in one line. */
export const visibleLine = (text: string): string => visible(text.trim().replaceAll(/\s+/g, ' '));
