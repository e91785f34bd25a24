/** The attributes of an element; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of XML 1.0 with elements or text in it, each on a line of its own. */
export function element(name: string, attributes: Attributes, children: readonly string[] | string = []): string {
  const head = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`)
    .join('');
  if (children.length === 0) return `<${name}${head}/>`;
  if (typeof children === 'string') return `<${name}${head}>${escapeText(children)}</${name}>`;
  return `<${name}${head}>\n${children.join('\n')}\n</${name}>`;
}

const escapeText = (text: string): string =>
  allowed(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');

/** Unescaped, a parser reads the breaks between lines of an attribute as spaces. */
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 forbids, escaped or not.
const forbidden = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g;

/** What no XML document may hold shows as the replacement character. */
const allowed = (text: string): string => text.toWellFormed().replaceAll(forbidden, '\ufffd');
