import { allCommands, type CompletedCommand, type CompletedOption, type Values } from './words.js';

/** The completion script for bash, from 3.2 on, which macOS has. */
export const bashCompletion = (root: CompletedCommand): string =>
  `# bash completion for aloft, as \`aloft completion bash\` prints it.

# What may stand at a place of the command line, a word a line; a line that begins with a colon says what else.
_aloft_words() {
  case "$1 $2" in
${allCommands(root).flatMap(rowsOf).join('\n')}
  esac
}

${engine}`;

/** The rows of the table that are about a command. */
function rowsOf({ path, commands, options, values }: CompletedCommand): readonly string[] {
  const at = path.join(' ');
  const names = commands.map((command) => command.path.at(-1) ?? '');
  return [
    ...(names.length === 0 ? [] : [row([`${at} commands`], names)]),
    ...(linesOf(values).length === 0 ? [] : [row([`${at} words`], linesOf(values))]),
    // One line at least, by which a word is told to be a command.
    row([`${at} options`], [':options', ...options.flatMap(({ flags }) => flags)]),
    ...options.flatMap((option) => optionRow(at, option)),
  ];
}

const optionRow = (at: string, { flags, values }: CompletedOption): readonly string[] =>
  values === undefined
    ? []
    : [
        row(
          flags.map((flag) => `${at} ${flag}`),
          [':value', ...linesOf(values)],
        ),
      ];

const linesOf = ({ kind, words }: Values): readonly string[] => [
  ...(kind === 'text' || kind === 'words' ? [] : [`:${kind}`]),
  ...words.map(({ text }) => text),
];

const row = (places: readonly string[], lines: readonly string[]): string =>
  `  ${places.map(quoted).join(' | ')}) printf '%s\\n' ${lines.map(quoted).join(' ')} ;;`;

const quoted = (text: string): string => (/^[\w:.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const engine = `# What is being typed: "cur", what stands before it in the same word: "head", and what may stand there: "list".
_aloft_look() {
  # bash takes words apart at '='.
  local words=() word glue='' i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ ($word == '=' || $glue == '=') && \${#words[@]} -gt 0 ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    glue=$word
  done

  # Which command it is, and whether the last word is the value of the option before it.
  local at='' option='' plain='' operand=''
  for ((i = 0; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ $option ]]; then
      option=''
    elif [[ $word == -- ]]; then
      plain=yes
    elif [[ $word == -* && ! $plain ]]; then
      [[ $(_aloft_words "$at" "$word") ]] && option=$word
    elif [[ ! $plain && ! $operand && $(_aloft_words "\${at:+$at }$word" options) ]]; then
      at="\${at:+$at }$word"
    else
      operand=yes
    fi
  done

  cur=\${words[\${#words[@]} - 1]}
  head=''
  if [[ $option ]]; then
    list=$(_aloft_words "$at" "$option")
  elif [[ $cur == -*=* && ! $plain ]]; then
    head=\${cur%%=*}=
    cur=\${cur#*=}
    list=$(_aloft_words "$at" "\${head%=}")
  elif [[ $cur == -* && ! $plain ]]; then
    list=$(_aloft_words "$at" options)
  else
    list=$(_aloft_words "$at" words)
    [[ $operand || $plain ]] || list+=$'\\n'$(_aloft_words "$at" commands)
  fi
  if [[ $list == *:outputs* && $cur == *=* ]]; then
    head+=\${cur%%=*}=
    cur=\${cur#*=}
    list=:files
  fi
  # Only what follows the last '=' is replaced, where bash takes words apart at it.
  if [[ $COMP_WORDBREAKS == *=* ]]; then head=''; fi
}

_aloft() {
  local cur head list word IFS=$'\\n'
  _aloft_look
  COMPREPLY=()
  for word in $(compgen -W "$list" -- "$cur"); do
    [[ $word == :* ]] || COMPREPLY+=("$head$word")
  done
  case "$list" in
  *:files*) for word in $(compgen -f -- "$cur"); do COMPREPLY+=("$head$word"); done ;;
  *:folders*) for word in $(compgen -d -- "$cur"); do COMPREPLY+=("$head$word"); done ;;
  esac
}

# For kubectl_complete-aloft: kubectl wants a word a line, and then whether its own completion may add files.
_aloft_for_kubectl() {
  local COMP_WORDS=(aloft "$@") COMP_CWORD=$# COMP_WORDBREAKS=' ' cur head list word IFS=$'\\n'
  _aloft_look
  for word in $(compgen -W "$list" -- "$cur"); do
    [[ $word == :* ]] || echo "$head$word"
  done
  case "$list" in
  *:files* | *:folders*) echo :0 ;;
  *) echo :4 ;;
  esac
}

complete -o filenames -F _aloft aloft
`;
