import { allCommands, type CompletedCommand, type CompletedOption, type Values, type Word } from './words.js';

/** The completion script for zsh: for a folder of `$fpath`, or to be sourced. */
export const zshCompletion = (root: CompletedCommand): string => `#compdef aloft
# zsh completion for aloft, as \`aloft completion zsh\` prints it.

${allCommands(root).flatMap(functionsOf).join('\n')}
if [[ $funcstack[1] == _aloft ]]; then
  _aloft "$@"
else
  compdef _aloft aloft
fi
`;

/** A function for a command, and one for each value of it that is more than a list of words. */
function functionsOf(command: CompletedCommand): readonly string[] {
  const { commands, options, values } = command;
  const name = nameOf(command);
  const specs = options.flatMap((option) => specsOf(option, name));
  const rest = actionOf(values, name);
  const body =
    commands.length > 0
      ? dispatch(command, specs)
      : `  _arguments -s -S${listed([...specs, ...(rest === '' ? [] : [`*:argument:${rest}`])])}`;
  const outputs = options.flatMap((option) =>
    option.values?.kind === 'outputs' ? [wrapped(outputName(name, option), outputBody(option.values.words))] : [],
  );
  return [...outputs, wrapped(name, body)];
}

const outputName = (name: string, { flags }: CompletedOption): string =>
  `${name}${(flags.at(-1) ?? '').replaceAll('-', '_')}`;

/** One of these words, and after its `=` a file. */
const outputBody = (words: readonly Word[]): string => `  if compset -P '*='; then
    _files
  else
    local -a words_here=(${words.map(described).join(' ')})
    _describe -t words word words_here
  fi`;

/** A command with others below it: the first word says which, or is an argument of its own. */
function dispatch({ commands, values, ...command }: CompletedCommand, specs: readonly string[]): string {
  const words = commands.map(({ path, says }) => ({ text: path.at(-1) ?? '', says }));
  const hasValues = values.words.length > 0;
  const offer = '_describe -t arguments argument words_here';
  return `  local curcontext="$curcontext" context state state_descr line
  typeset -A opt_args
  local -a commands=(${words.map(described).join(' ')})
${hasValues ? `  local -a words_here=(${values.words.map(described).join(' ')})\n` : ''}  _arguments -C -s -S${listed([...specs, '1: :->first', '*:: :->rest'])}
  case $state in
  first)
    _describe -t commands command commands${hasValues ? `\n    ${offer}` : ''}
    ;;
  rest)
    curcontext="\${curcontext%:*:*}:${['aloft', ...command.path].join('-')}-$line[1]:"
    case $line[1] in
${commands.map((inner) => `    ${inner.path.at(-1)}) ${nameOf(inner)} ;;`).join('\n')}${hasValues ? `\n    *) ${offer} ;;` : ''}
    esac
    ;;
  esac`;
}

const nameOf = ({ path }: CompletedCommand): string => ['_aloft', ...path].join('_').replaceAll('-', '_');
const wrapped = (name: string, body: string): string => `${name}() {\n${body}\n}\n`;
const listed = (specs: readonly string[]): string => specs.map((spec) => ` \\\n    ${quoted(spec)}`).join('');

function specsOf(option: CompletedOption, command: string): readonly string[] {
  const about = `[${option.says.replaceAll(/[\\\]:]/g, '\\$&')}]`;
  return option.flags.map((flag) => {
    if (option.values === undefined) return `${flag}${about}`;
    const joint = flag.startsWith('--') ? '=' : '+';
    const name = option.name.replaceAll(/\W+/g, ' ').trim();
    return `*${flag}${joint}${about}:${name}:${actionOf(option.values, outputName(command, option))}`;
  });
}

function actionOf({ kind, words }: Values, output: string): string {
  if (kind === 'files') return '_files';
  if (kind === 'folders') return '_files -/';
  if (kind === 'outputs') return output;
  return words.length === 0 ? '' : `(${words.map(({ text }) => text).join(' ')})`;
}

const described = ({ text, says }: Word): string => quoted(says === '' ? text : `${text}:${says}`);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
