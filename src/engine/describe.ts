import type { Edit } from '../model/edit.js';

/** An edit in one line, as every report shows it: `label app: "cart"`, `env DD_ENV = "prod" in app`. */
export const describeEdit = (edit: Edit): string => say(edit).replaceAll(/[\p{Cc}\u2028\u2029]/gu, escaped);

/** Values may have several lines, such as the YAML in `proxy.istio.io/config`. */
const escaped = (character: string): string =>
  character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function say(edit: Edit): string {
  switch (edit.kind) {
    case 'label':
    case 'annotation':
      return `${edit.kind} ${edit.key}: ${quoted(edit.value)}`;
    case 'env': {
      const field = edit.env.valueFrom?.fieldRef?.fieldPath;
      const value = field === undefined ? quoted(edit.env.value ?? '') : `from ${field}`;
      return `env ${edit.env.name} = ${value} in ${edit.container.name}`;
    }
    case 'volume':
      return `volume ${edit.volume.name}`;
    case 'volumeMount':
      return `mount ${edit.mount.mountPath} in ${edit.container.name}`;
  }
}

/** In the quotes that do not occur in it: much of what is annotated is JSON. */
const quoted = (value: string): string => (value.includes('"') ? `'${value}'` : `"${value}"`);
