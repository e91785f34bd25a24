const longest = 40;

/** A text of an author as a message may show it: its beginning, where it is long. */
export const shortened = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 3)}...`);

/** The same between quotes. */
export const quoted = (text: string): string => `"${shortened(text)}"`;
