import { asRecord, asText, valueAt } from '../model/json.js';
import type { Problem } from '../model/problem.js';
import { closest } from './suggest.js';

/**
 * What is wrong with the names in a policy, which no part of it can tell by itself: two entries of one name could not be
 * told apart in reports, metrics and exemptions, and an exemption from a rule that nobody knows would exempt nothing.
 */
export function nameProblems(raw: unknown, ids: readonly string[]): readonly Problem[] {
  const names = listAt(raw, ['spec', 'rules']).map((entry) => {
    const { name, rule } = asRecord(entry);
    return asText(name ?? rule);
  });
  const taken = names.flatMap((name, index) => {
    if (name === '' || names.indexOf(name) === index) return [];
    const message = `the name "${name}" is taken by an earlier rule: give this entry a \`name\` of its own`;
    return [{ path: ['spec', 'rules', index], message }];
  });
  const known = [...new Set([...ids, ...names])];
  const unknown = listAt(raw, ['spec', 'exemptions']).flatMap((exemption, index) =>
    listAt(exemption, ['rules']).flatMap((name, place) => {
      if (typeof name !== 'string' || name === '' || name === '*' || known.includes(name)) return [];
      return [{ path: ['spec', 'exemptions', index, 'rules', place], message: unknownRule(name, known) }];
    }),
  );
  return [...taken, ...unknown];
}

const listAt = (value: unknown, path: readonly string[]): readonly unknown[] => {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
};

function unknownRule(name: string, known: readonly string[]): string {
  const hint = closest(name, known);
  return `no rule is called "${name}"${hint === undefined ? '' : `: did you mean "${hint}"?`}`;
}
