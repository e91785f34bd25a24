import { type Command, InvalidArgumentError, Option } from 'commander';

/** Told how a command ended. */
export type Done = (code: number) => void;

/** An option with its equivalent in the environment: `--cert-dir` is `ALOFT_CERT_DIR`. */
export function setting(flags: string, description: string, variable?: string): Option {
  const option = new Option(flags, description);
  return option.env(variable ?? `ALOFT_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Examples come first: most people look for one. */
export function withExamples(command: Command, examples: readonly (readonly [line: string, says: string])[]): Command {
  const lines = examples.map(([line, says]) => `  # ${says}\n  ${line}`);
  const text = `Examples:\n${lines.join('\n')}\n`;
  return command
    .addHelpText('beforeAll', '')
    .addHelpText('before', () => text.replaceAll(/(?<![\w/~.-])aloft (?=[a-z])/g, `${rootOf(command).name()} `));
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

/** For an option that may be given more than once. */
export const collect = (text: string, texts: readonly string[] = []): readonly string[] => [...texts, text];

/** For an option that names several things, separated by commas. */
export const parseList = (text: string): readonly string[] => text.split(',').flatMap((part) => part.trim() || []);

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}

/** For an option that is a number between two others, both of them excluded. */
export const parseBetween =
  (least: number, most: number) =>
  (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number > least && number < most) return number;
    throw new InvalidArgumentError(`expected a number above ${least} and below ${most}`);
  };

/** What a command that reads manifests takes. */
export type Inputs = { readonly filename?: readonly string[] };

/** Manifests, and the policy to read them with. */
export const addInputs = (command: Command): Command =>
  command
    .argument('[paths...]', 'files, folders, globs, or - for standard input')
    .option('-f, --filename <path>', 'the same, as kubectl takes it; may be repeated', collect)
    .addOption(setting('--policy <file>', 'policy file (default: the embedded policy)'))
    .option('-n, --namespace <name>', 'for objects that name none; of a cluster, the one to read', 'default');

/** Asks for less beside the data; `--verbose` asks for more, so both are a mistake. */
export const quiet = (says: string): Option => new Option('-q, --quiet', says).conflicts('verbose');

/** Everything that is to be read; without anything, the command line is wrong. */
export function pathsOf(command: Command, paths: readonly string[], { filename = [] }: Inputs): readonly string[] {
  const all = [...filename, ...paths];
  if (all.length === 0) command.error('error: nothing to read: name files or folders, or - for standard input');
  return all;
}
