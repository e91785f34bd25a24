import type { Kind } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import { because } from '../model/reason.js';
import type { Exemption } from './policy.js';
import { type Gate, gateOf } from './scope.js';

/** On an object: which rules leave it alone, as ids or names with commas between them, or `*`. */
export const exemptAnnotation = 'aloft.dev/exempt';

/** A rule by its id and by the name that the policy gives it. */
type Names = { readonly rule: string; readonly name: string };

/** The gate through which a rule sees no object that its author, or the policy, exempts from it. */
export function exemptionGate(names: Names, exemptions: readonly Exemption[], kind: Kind): Gate {
  const own = exemptions.filter((exemption) => exemption.rules.some((rule) => covers(rule, names)));
  const granted = own.map((exemption) => ({ exemption, gate: gateOf(exemption.match, kind) }));
  return (object, context) => {
    const annotation = annotationOf(object, exemptAnnotation);
    if (annotation?.split(',').some((rule) => covers(rule.trim(), names))) {
      return because('exempt-by-annotation', `annotation ${exemptAnnotation}: ${annotation}`);
    }
    for (const { exemption, gate } of granted) {
      const holds = exemption.expires === undefined || context.today <= exemption.expires;
      if (holds && gate(object, context) === undefined) return because('exempt-by-policy', describe(exemption));
    }
    return undefined;
  };
}

const covers = (rule: string, { rule: id, name }: Names): boolean => rule === '*' || rule === id || rule === name;

const describe = ({ reason, expires }: Exemption): string =>
  expires === undefined ? reason : `${reason} (until ${expires})`;
