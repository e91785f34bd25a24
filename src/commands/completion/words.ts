import type { Argument, Command, Option } from 'commander';
import { formats } from '../../reports/formats.js';
import { registry } from '../../rules/registry.js';
import { vendorIds } from '../../vendors/catalog.js';
import { datadogProducts, datadogSites } from '../../vendors/datadog-endpoints.js';

/** A word that a shell may offer, and what it says beside it. */
export type Word = { readonly text: string; readonly says: string };

/** What may stand in a place of the command line; `outputs` are words that a file may follow, after `=`. */
export type Values = {
  readonly kind: 'files' | 'folders' | 'text' | 'words' | 'outputs';
  readonly words: readonly Word[];
};

/** An option, and what its value may be, if it takes one. */
export type CompletedOption = {
  readonly flags: readonly string[];
  readonly says: string;
  readonly name: string;
  readonly values?: Values;
};

/** A command as a shell has to know it; `path` leads to it, and is empty for aloft itself. */
export type CompletedCommand = {
  readonly path: readonly string[];
  readonly says: string;
  readonly commands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  readonly values: Values;
};

/** Everything that can be typed, read from the very command line that will take it. */
export function completedCommand(command: Command, path: readonly string[] = []): CompletedCommand {
  const help = command.createHelp();
  const shown = help.visibleCommands(command);
  const [argument] = command.registeredArguments;
  return {
    path,
    says: command.description(),
    // What `help` is about is the name of a command beside it.
    commands: shown.map((inner) =>
      inner.name() === 'help' ? helpCommand(inner, path, shown) : completedCommand(inner, [...path, inner.name()]),
    ),
    options: help.visibleOptions(command).map((option) => completedOption(option, path)),
    values: argument === undefined ? nothing : valuesOf(argument, [argument.name()]),
  };
}

/** Every command, each before those below it. */
export const allCommands = (command: CompletedCommand): readonly CompletedCommand[] => [
  command,
  ...command.commands.flatMap(allCommands),
];

const nothing: Values = { kind: 'text', words: [] };

function helpCommand(help: Command, path: readonly string[], beside: readonly Command[]): CompletedCommand {
  const words = beside
    .filter((command) => command !== help)
    .map((command) => ({ text: command.name(), says: command.description() }));
  return {
    path: [...path, 'help'],
    says: help.description(),
    commands: [],
    options: [],
    values: { kind: 'words', words },
  };
}

function completedOption(option: Option, path: readonly string[]): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const [, name = ''] = /[<[](.+)[\]>]$/.exec(option.flags) ?? [];
  const about = { flags, name, says: option.description };
  if (!option.required && !option.optional) return about;
  return { ...about, values: valuesOf(option, [`${path.join(' ')} ${option.long}`, option.long ?? '', name]) };
}

/** Its choices; else what is known under the first of these keys that is known. */
function valuesOf({ argChoices }: Option | Argument, keys: readonly string[]): Values {
  if (argChoices !== undefined) return { kind: 'words', words: plain(argChoices) };
  return keys.flatMap((key) => known[key] ?? [])[0] ?? nothing;
}

const plain = (texts: readonly string[]): readonly Word[] => texts.map((text) => ({ text, says: '' }));
const files: Values = { kind: 'files', words: [] };

/** By what stands for a value in the help, which mostly says what it may be; by an option, or by one of a command. */
const known: Readonly<Record<string, Values>> = {
  file: files,
  files,
  path: files,
  paths: files,
  folder: { kind: 'folders', words: [] },
  'format[=file]': {
    kind: 'outputs',
    words: Object.entries(formats).map(([text, { says }]) => ({ text, says })),
  },
  'test --output': { kind: 'outputs', words: plain(['text', 'json', 'junit']) },
  ids: { kind: 'words', words: plain(vendorIds) },
  '--context': { kind: 'words', words: plain(['live']) },
  '--rule': { kind: 'words', words: plain([...new Set(registry.map(({ id }) => id))]) },
  site: { kind: 'words', words: plain(datadogSites.map(({ site }) => site)) },
  product: { kind: 'words', words: plain(datadogProducts.map(({ id }) => id)) },
};
