/** Markdown pages: their generated blocks, and their console sessions, held against what the code says today. */

/** What a command line prints, both streams in the order they were written, and its exit code. */
export type Ran = { readonly output: string; readonly code: number };
export type RunAloft = (args: readonly string[]) => Promise<Ran>;

const marked = /<!-- generated: ([^>]+?) -->\n[\s\S]*?<!-- end -->/g;

/** The page with each generated block as it should be. Fails on the name of a block that nobody generates. */
export const withBlocks = (page: string, blocks: ReadonlyMap<string, string>): string =>
  page.replaceAll(marked, (_, name: string) => {
    const block = blocks.get(name);
    if (block === undefined) throw new Error(`there is no block "${name}": one of ${[...blocks.keys()].join(', ')}`);
    return `<!-- generated: ${name} -->\n\n${block}\n\n<!-- end -->`;
  });

/** A line that stands for output left out. */
export const omission = '[...]';
const sessionFence = /^```console\n([\s\S]*?)^```$/gm;

/** The page with each console session as it runs today; sessions that leave something out stay as they are. */
export async function withSessions(page: string, run: RunAloft): Promise<string> {
  let next = page;
  for (const session of sessionsOf(page)) {
    if (session.includes(omission)) continue;
    const today = await replay(session, run);
    next = next.replace(session, () => today);
  }
  return next;
}

/** The text of every console session of a page. */
export const sessionsOf = (page: string): readonly string[] =>
  [...page.matchAll(sessionFence)].map(([, session = '']) => session);

/** The session as it should read: each command with what it prints. */
export async function replay(session: string, run: RunAloft): Promise<string> {
  const lines: string[] = [];
  let last: Ran = { output: '', code: 0 };
  for (const line of session.split('\n').filter((text) => text.startsWith('$ '))) {
    lines.push(line);
    if (line === '$ echo $?') {
      lines.push(String(last.code));
      continue;
    }
    last = await run(argumentsOf(line));
    if (last.output !== '') lines.push(last.output.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

/** Whether a session shows the real output, but for what it says it leaves out. */
export function isExcerpt(session: string, real: string): boolean {
  let at = 0;
  for (const part of session.split(`${omission}\n`)) {
    const found = real.indexOf(part, at);
    if (found < 0 || (at === 0 && found > 0)) return false;
    at = found + part.length;
  }
  return session.trimEnd().endsWith(omission) || at === real.length;
}

/** The arguments of a line such as `$ npx aloft review 'a b'`. */
function argumentsOf(line: string): readonly string[] {
  const words = (line.slice(2).match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
  const [first, second] = words;
  if (first === 'aloft') return words.slice(1);
  if (first === 'npx' && second === 'aloft') return words.slice(2);
  throw new Error(`a console session may only run aloft: ${line}`);
}
