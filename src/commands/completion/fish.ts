import { allCommands, type CompletedCommand, type CompletedOption, type Values } from './words.js';

/** The completion script for fish. */
export function fishCompletion(root: CompletedCommand): string {
  const commands = allCommands(root);
  const paths = commands.flatMap(({ path }) => (path.length === 0 ? [] : [path.join(' ')]));
  const valued = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values }) =>
      values === undefined ? [] : flags.map((flag) => [...path, flag].join(' ')),
    ),
  );
  return `# fish completion for aloft, as \`aloft completion fish\` prints it.

set -g __aloft_commands ${paths.map(quoted).join(' ')}
set -g __aloft_valued ${valued.map(quoted).join(' ')}

${engine}
complete -c aloft -f
${commands.flatMap(rowsOf).join('\n')}
`;
}

function rowsOf({ path, commands, options, values }: CompletedCommand): readonly string[] {
  const start = `complete -c aloft -n ${quoted(['__aloft_at', ...path].join(' '))}`;
  const words = [...commands.map(({ path: inner, says }) => ({ text: inner.at(-1) ?? '', says })), ...values.words];
  return [
    ...words.map(({ text, says }) => `${start} -a ${quoted(text)}${described(says)}`),
    ...(offersPaths(values) ? [`${start}${offered(values)}`] : []),
    ...options.map(
      (option) =>
        `${start}${flagsOf(option)}${option.values === undefined ? '' : ` -r${offered(option.values)}`}${described(option.says)}`,
    ),
  ];
}

const offersPaths = ({ kind }: Values): boolean => kind === 'files' || kind === 'folders';

function offered({ kind, words }: Values): string {
  if (kind === 'files') return ' -F';
  if (kind === 'folders') return " -f -a '(__fish_complete_directories (commandline -ct))'";
  const texts = words.map(({ text, says }) => (says === '' ? text : `${text}\t${says}`));
  if (kind === 'outputs') return ` -f -a ${quoted(`(__aloft_outputs ${texts.map(doubleQuoted).join(' ')})`)}`;
  return texts.length === 0 ? ' -f' : ` -f -a ${quoted(texts.join(' '))}`;
}

const flagsOf = ({ flags }: CompletedOption): string =>
  flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');

const described = (says: string): string => (says === '' ? '' : ` -d ${quoted(says)}`);
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const doubleQuoted = (text: string): string => `"${text.replaceAll(/[\\"$]/g, '\\$&')}"`;

const engine = `# Whether the command line so far leads to this command.
function __aloft_at
    set -l at
    set -l words (commandline -opc)
    set -l is_value no
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
        else if string match -q -- '-*' $word
            contains -- (string join -- ' ' $at $word) $__aloft_valued; and set is_value yes
        else if contains -- (string join -- ' ' $at $word) $__aloft_commands
            set -a at $word
        else
            break
        end
    end
    test "$at" = "$argv"
end

# Formats, and after the '=' of one of them its file.
function __aloft_outputs
    set -l typed (string replace -r '^--[^=]*=' '' -- (commandline -ct))
    if string match -q '*=*' -- $typed
        set -l parts (string split -m 1 = -- $typed)
        for path in (__fish_complete_path $parts[2])
            echo "$parts[1]=$path"
        end
    else
        printf '%s\\n' $argv
    end
end
`;
