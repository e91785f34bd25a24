import { sep } from 'node:path';

/** A file as a CI system names it: with `/` between folders and without `./` before it; standard input is `stdin`. */
export function pathOf(file: string, separator: string = sep): string {
  if (!isFile(file)) return file.slice(1, -1);
  return (separator === '/' ? file : file.replaceAll(separator, '/')).replace(/^(?:\.\/+)+(?=.)/, '');
}

/** Whether a name is that of a file, and not `<stdin>` or the like. */
export const isFile = (name: string): boolean => !/^<.*>$/s.test(name);

/** A file as a URI (RFC 3986): a relative reference, or `file:` for an absolute path. */
export function uriOf(file: string, separator: string = sep): string {
  const path = pathOf(file, separator);
  const encoded = path.split('/').map(encodeSegment).join('/');
  if (path.startsWith('//')) return `file:${encoded}`;
  if (path.startsWith('/')) return `file://${encoded}`;
  return separator === '\\' && /^[a-z]:\//i.test(path) ? `file:///${path.slice(0, 2)}${encoded.slice(4)}` : encoded;
}

/** Whether a URI needs a base to tell where it leads. */
export const isRelative = (uri: string): boolean => !uri.startsWith('file:');

/** What is no letter, digit or `-._~` as its bytes; the two dots of `..` stay what they are. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.toWellFormed());
