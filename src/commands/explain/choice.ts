import { isCalled, resources } from '../../cluster/resources.js';
import { matchesGlob } from '../../model/glob.js';
import type { Policy } from '../../policy/policy.js';
import { closest } from '../../policy/suggest.js';
import type { Explained } from '../../reports/explained.js';

/** Which objects and which rules of an explanation are asked for; all, where none is named. */
export type Choice = {
  /** `kind/name` or `name`, each with globs in the name. */
  readonly object?: readonly string[];
  /** Ids of rules, or names that the policy gives them. */
  readonly rule?: readonly string[];
};

/** What is left of an explanation; or what is wrong with the choice. */
export function choose(items: readonly Explained[], { object = [], rule = [] }: Choice, policy: Policy) {
  const unknown = rule.flatMap((name) => unknownRule(name, policy));
  if (unknown.length > 0) return { problems: unknown };
  const chosen = items.filter((item) => object.length === 0 || object.some((pattern) => isMeant(pattern, item)));
  if (chosen.length === 0 && items.length > 0) return { problems: [noneOf(object, items)] };
  return { items: rule.length === 0 ? chosen : chosen.flatMap((item) => withSteps(item, rule)) };
}

function isMeant(pattern: string, { object: { kind, name } }: Explained): boolean {
  const slash = pattern.indexOf('/');
  const word = pattern.slice(0, Math.max(slash, 0));
  if (!matchesGlob(pattern.slice(slash + 1), name)) return false;
  const resource = resources.find((one) => one.kind === kind);
  if (slash < 0) return true;
  return resource === undefined ? word.toLowerCase() === kind.toLowerCase() : isCalled(resource, word);
}

/** What is there instead, the first few. */
function noneOf(object: readonly string[], items: readonly Explained[]): string {
  const titles = items.map(({ object: { kind, name } }) => `${kind.toLowerCase()}/${name}`);
  const more = titles.length > mostTitles ? `, and ${titles.length - mostTitles} more` : '';
  return `--object ${object.join(', ')}: nothing is called so; there is ${titles.slice(0, mostTitles).join(', ')}${more}`;
}

const mostTitles = 5;

function withSteps(item: Explained, rule: readonly string[]): readonly Explained[] {
  const { review } = item.object;
  const steps = review.steps.filter((step) => rule.includes(step.rule) || rule.includes(step.name));
  return steps.length === 0 ? [] : [{ ...item, object: { ...item.object, review: { ...review, steps } } }];
}

function unknownRule(name: string, { spec }: Policy): readonly string[] {
  const known = [...new Set(spec.rules.flatMap((entry) => [entry.name, entry.rule]))];
  if (known.includes(name)) return [];
  const hint = closest(name, known);
  return [`--rule ${name}: ${hint === undefined ? `the policy has ${known.join(', ')}` : `did you mean "${hint}"?`}`];
}
