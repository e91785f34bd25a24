import { visible, visibleLine } from './visible.js';

/**
 * Text of a manifest, of a policy or of a file name within a line of Markdown. Nothing of it is markup, and nothing
 * becomes a mention, a reference, a link or an emoji: GitHub and GitLab look for those in what is left after Markdown,
 * where a backslash does not help, but a space of no width does.
 */
export const inline = (text: string): string =>
  visibleLine(text)
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? '')
    .replaceAll(/[\\`*_{}[\]|~!#]/g, '\\$&')
    .replaceAll(/(&amp;|\\[!#~]|[@%^:])(?=\S)/g, '$1&#8203;')
    .replaceAll(/\b(www(?=\.)|GH-(?=\d))/gi, '$1&#8203;')
    .replaceAll('$', '<span>$</span>');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The same as code in a line, where nothing but backticks means anything. */
export function code(text: string): string {
  const line = visibleLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) || line === '' ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** The same within tags, where Markdown means nothing. */
export const tagged = (text: string): string =>
  `<code>${visibleLine(text).replaceAll(/[&<>]/g, (character) => entities[character] ?? '')}</code>`;

/** Lines in a fence that none of them can close, highlighted as this language is. */
export function fenced(language: string, lines: readonly string[]): string {
  // A carriage return ends a line as well.
  const shown = lines.map((line) => visible(line.replaceAll('\n', ' ')));
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

const longestRun = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
