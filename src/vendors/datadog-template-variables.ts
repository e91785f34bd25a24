import { textsIn } from './datadog-json.js';
import { shortened } from './quoted-value.js';

/**
 * The first template variable in a JSON value that the Agent cannot resolve, as `%%x%%`: it then drops the whole check
 * (DataDog/datadog-agent pkg/util/tmplvar/resolver.go).
 */
export function unknownVariable(value: unknown, kind: 'Pod' | 'Service'): string | undefined {
  for (const text of textsIn(value)) {
    for (const variable of variablesIn(text)) {
      const [name = '', ...key] = variable.split('_');
      if (isKnown(name, key.join('_'), kind)) continue;
      // What does not look like a name may be part of a password.
      return /^[\w.-]+$/.test(variable) ? `%%${shortened(variable)}%%` : '%%...%%';
    }
  }
  return undefined;
}

/** What stands between two `%%` of one line: at least a character, which may be anything. */
function* variablesIn(text: string): Generator<string> {
  // As the Agent does, which makes a difference in a row of them.
  const marked = text.replaceAll('%%', mark);
  let start = marked.indexOf(mark);
  while (start >= 0) {
    const end = marked.indexOf(mark, start + 2);
    if (end < 0) return;
    const variable = marked.slice(start + 1, end);
    const isOne = !variable.includes('\n');
    if (isOne) yield variable.replaceAll(mark, '%%');
    start = marked.indexOf(mark, isOne ? end + 1 : start + 1);
  }
}

const mark = '‰';

function isKnown(name: string, key: string, kind: 'Pod' | 'Service'): boolean {
  switch (name) {
    case 'host':
    case 'port':
    case 'pid':
    case 'hostname':
      return true;
    case 'env':
    case 'extra':
      return key !== '';
    case 'kube':
      return key !== '' && (kind === 'Service' || ['namespace', 'pod_name', 'pod_uid'].includes(key));
    default:
      return false;
  }
}
