import { asRecord, asText, valueAt } from '../model/json.js';
import type { Problem } from '../model/problem.js';
import { closest } from './suggest.js';

/** What names may stand for: rules, and the codes of the violations that they find. */
type Named = { readonly id: string; readonly finds?: readonly string[] };

/** A rule of a policy: its id, and the name that the policy gives it. */
type Entry = { readonly rule: string; readonly name: string };

/**
 * What is wrong with the names in a policy, which no part of it can tell by itself: two entries of one name could not be
 * told apart in reports, metrics and exemptions, and an exemption from what nobody knows would exempt from nothing.
 */
export function nameProblems(raw: unknown, rules: readonly Named[]): readonly Problem[] {
  const entries = listAt(raw, ['spec', 'rules']).map((entry) => {
    const { name, rule } = asRecord(entry);
    return { name: asText(name ?? rule), rule: asText(rule) };
  });
  const names = entries.map(({ name }) => name);
  const taken = names.flatMap((name, index) => {
    if (name === '' || names.indexOf(name) === index) return [];
    const message = `the name "${name}" is taken by an earlier rule: give this entry a \`name\` of its own`;
    return [{ path: ['spec', 'rules', index], message }];
  });
  const known = findsByName(entries, rules);
  const unknown = listAt(raw, ['spec', 'exemptions']).flatMap((exemption, index) =>
    listAt(exemption, ['rules']).flatMap((name, place) => {
      const message = typeof name === 'string' ? exemptionProblem(name, known) : undefined;
      return message === undefined ? [] : [{ path: ['spec', 'exemptions', index, 'rules', place], message }];
    }),
  );
  return [...taken, ...unknown];
}

/** Tells what is wrong with what an exemption on an object names; undefined where rules, or the policy, know it. */
export function createNameCheck(
  entries: readonly Entry[],
  rules: readonly Named[],
): (name: string) => string | undefined {
  const known = findsByName(entries, rules);
  return (name) => exemptionProblem(name, known);
}

const listAt = (value: unknown, path: readonly string[]): readonly unknown[] => {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
};

/** For each name by which an exemption may call a rule the codes of what that finds. */
type Known = ReadonlyMap<string, readonly string[]>;

function findsByName(entries: readonly Entry[], rules: readonly Named[]): Known {
  const finds = (id: string) => [...new Set(rules.flatMap((rule) => (rule.id === id ? (rule.finds ?? []) : [])))];
  return new Map([
    ...rules.map(({ id }) => [id, finds(id)] as const),
    ...entries.filter(({ name }) => name !== '').map(({ name, rule }) => [name, finds(rule)] as const),
  ]);
}

/** What is wrong with what an exemption names; undefined where it is known. */
function exemptionProblem(text: string, known: Known): string | undefined {
  if (text === '' || text === '*' || known.has(text)) return undefined;
  const slash = text.indexOf('/');
  const name = slash < 0 ? text : text.slice(0, slash);
  const codes = known.get(name);
  if (codes === undefined) return `no rule is called "${name}"${hint(name, [...known.keys()])}`;
  const code = text.slice(slash + 1);
  if (codes.includes(code)) return undefined;
  if (codes.length === 0) return `${name} only edits, and finds nothing wrong: write "${name}"`;
  return `${name} finds nothing under the code "${code}"${hint(code, codes)}`;
}

function hint(word: string, candidates: readonly string[]): string {
  const meant = closest(word, candidates);
  return meant === undefined ? '' : `: did you mean "${meant}"?`;
}
