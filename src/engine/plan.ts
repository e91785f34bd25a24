import type { Kind } from '../model/kubernetes.js';
import { because } from '../model/reason.js';
import { exemptionsFrom, type RuleExemptions } from '../policy/exemptions.js';
import type { Mode, Policy, RuleEntry } from '../policy/policy.js';
import { everyRule, type Gate, gateOf } from '../policy/scope.js';
import type { AnyRule, Decide } from './rule.js';

/** A policy made ready to run: for each kind the rules that look at it, in the order in which they run. */
export type Plan = { readonly [K in Kind]: readonly PlannedRule<K>[] };

/** One rule of the policy, with everything that does not depend on the object worked out. */
export type PlannedRule<K extends Kind = Kind> = {
  readonly rule: string;
  readonly name: string;
  readonly mode: Mode;
  /** Asked in this order before the rule is. */
  readonly gates: readonly Gate[];
  /** Asked after the gates, and about what the rule finds wrong; absent where the rule is off. */
  readonly exemptions?: RuleExemptions;
  readonly decide: Decide<K>;
};

/** Makes a policy ready to run: rules stand in the registry's order, entries of one rule in the policy's. */
export function planPolicy(policy: Policy, registry: readonly AnyRule[]): Plan {
  const plan: { readonly [K in Kind]: PlannedRule<K>[] } = { Pod: [], Service: [] };
  for (const rule of registry) {
    for (const entry of policy.spec.rules) {
      if (entry.rule !== rule.id) continue;
      // Its `decide` takes objects of its own kind, which the union of all kinds cannot express.
      const rows = plan[rule.kind] as PlannedRule[];
      rows.push(planRule(rule, entry, policy));
    }
  }
  return plan;
}

function planRule(rule: AnyRule, entry: RuleEntry, policy: Policy): PlannedRule {
  const { name, mode } = entry;
  // The policy's schema parsed these settings with this very rule's schema.
  const decide = rule.prepare(entry.settings as never, policy.spec.cluster);
  const planned = { rule: rule.id, name, mode, decide: decide as Decide<Kind> };
  if (mode === 'off') return { ...planned, gates: [ruleOff] };
  const exemptions = exemptionsFrom({ rule: rule.id, name }, policy.spec.exemptions, rule.kind);
  return { ...planned, gates: [everyRule, gateOf(entry.match, rule.kind)], exemptions };
}

const ruleOff: Gate = () => because('rule-off');
