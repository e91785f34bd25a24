import { type Resource, resourceCalled } from '../../cluster/resources.js';

/** Objects of a cluster that are asked for: all of a kind, or the one of a name. */
export type Wanted = { readonly resource: Resource; readonly name?: string };

/** The objects that words stand for, as kubectl reads them: `pods,svc`, `pod/cart`, `deployment cart shop`. */
export function parseWanted(words: readonly string[]): readonly Wanted[] | { readonly problem: string } {
  const [first = '', ...names] = words;
  const only = first.includes('/') ? undefined : resourceCalled(first);
  if (only !== undefined && names.length > 0 && names.every((name) => !name.includes('/'))) {
    return names.map((name) => ({ resource: only, name }));
  }
  const wanted: Wanted[] = [];
  for (const word of words.flatMap((one) => one.split(','))) {
    const one = parseOne(word);
    if (one === undefined) return { problem: `"${word}": ${expected}` };
    wanted.push(one);
  }
  return wanted;
}

/** Whether a word can be nothing but an object of a cluster, or a kind of them. */
export const namesObjects = (word: string): boolean =>
  !/\.(ya?ml|json)$/.test(word) && word.split(',').every((one) => parseOne(one) !== undefined);

function parseOne(word: string): Wanted | undefined {
  const [kind = '', name, ...more] = word.split('/');
  const resource = resourceCalled(kind);
  if (resource === undefined || name === '' || more.length > 0) return undefined;
  return name === undefined ? { resource } : { resource, name };
}

const expected = 'expected a kind or an object of the cluster, such as pods or deployment/cart';
