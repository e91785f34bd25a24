import type { Document, YAMLParseError } from 'yaml';
import { jsonFault } from './json-faults.js';
import { isJson } from './json-stream.js';
import { faultsOf } from './tree.js';
import type { Flaw } from './value.js';

/** What keeps the text of a document from being read, told to whoever is to mend it. */
export function flawsOf(document: Document, text: string): readonly Flaw[] {
  // Of several faults only the first is told, because the others mostly follow from it.
  const [fault] = faultsOf(document);
  return fault === undefined ? controlCharacters(text) : [told(fault, text)];
}

/** The same flaws; where a template is what they come from, it says so. */
export function hinted(flaws: readonly Flaw[], text: string): readonly Flaw[] {
  const [first, ...others] = flaws;
  if (first === undefined) return flaws;
  const template = templateNear(text, first.offset);
  if (template !== undefined) return [{ offset: template, message: `looks like a template: ${render}` }];
  if (!unquotedTemplate.test(text)) return flaws;
  return [{ ...first, message: `${first.message} (the document looks like a template: ${render})` }, ...others];
}

const render = 'render it first, e.g. with helm template';
const unquotedTemplate = /(?:^|\n|[:-][ \t]+)[ \t]*(?:\{\{|\{%|<%)/;

/** Where a template begins on the line of an offset, or on the line before, where it may end in what is no YAML. */
function templateNear(text: string, offset: number): number | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const own = text.slice(start, endOfLine(text, start)).search(/\{\{|\{%|<%/);
  if (own >= 0) return start + own;
  const before = text.lastIndexOf('\n', start - 2) + 1;
  const line = text.slice(before, start).replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  const found = line.search(/\{\{|\{%|<%/);
  return found < 0 ? undefined : before + found;
}

function told({ code, message, pos: [offset] }: YAMLParseError, text: string): Flaw {
  const conflict = /^<{7} /m.exec(text);
  if (conflict !== null) return { offset: conflict.index, message: 'a merge conflict that nobody has resolved' };
  if (code === 'RESOURCE_EXHAUSTION') return { offset, message: 'the document is nested too deeply' };
  const inJson = jsonFault(text);
  if (inJson !== undefined) return inJson;
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  const [indentation = ''] = /^[ \t]*/.exec(text.slice(line, endOfLine(text, line))) ?? [];
  if (code === 'TAB_AS_INDENT' || (indentation.includes('\t') && line + indentation.length >= offset))
    return { offset: line + Math.max(0, indentation.indexOf('\t')), message: tab };
  const said = message.replace(/(closing )(["'])quote/, '$1quote $2');
  return { offset, message: said.charAt(0).toLowerCase() + said.slice(1) };
}

const tab = 'tabs are not allowed as indentation: indent with spaces';

// What kubectl's parser takes for no text at all; without it, a file that is not text would be read as if it were.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\uFFFE\uFFFF]/;

function controlCharacters(text: string): readonly Flaw[] {
  const found = control.exec(text);
  // In a string of JSON, the upper ones are allowed.
  if (found === null || isJson(text)) return [];
  const code = `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const advice = code === 'U+0000' ? 'save it as UTF-8 text' : 'write it as an escape in double quotes';
  return [{ offset: found.index, message: `the control character ${code}, which YAML does not allow: ${advice}` }];
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline;
}
