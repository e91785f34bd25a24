import { positionOf } from '../../manifests/position.js';
import { readManifests } from '../../manifests/read.js';
import type { Path } from '../../model/problem.js';
import type { ReasonCode } from '../../model/reason.js';
import { describeExemption, isAbout } from '../../policy/exemptions.js';
import type { Policy } from '../../policy/policy.js';
import type { PolicyPlaces } from '../../reports/explained.js';

/** A policy with the text that it was read from. */
type Written = { readonly file: string; readonly text: string; readonly policy: Policy };

/** Finds in the text of a policy what decided. */
export function placesIn({ file, text, policy: { spec } }: Written): PolicyPlaces {
  const manifest = readManifests(file, text).find(({ value }) => value !== undefined);
  const place = (path: Path) => manifest && { file, ...positionOf(manifest, path) };
  const entry = (name: string): Path => ['spec', 'rules', spec.rules.findIndex((rule) => rule.name === name)];
  return {
    entryOf: ({ name }) => place(entry(name)),
    partOf: (step, { code, message, at = [] }) => {
      const part = parts[code];
      // The key of a label is the same in the policy and on the object.
      const key = code === 'labels-out-of-scope' ? at.slice(-1) : [];
      if (part !== undefined) return place([...entry(step.name), ...part, ...key]);
      if (code !== 'exempt-by-policy') return undefined;
      const granted = spec.exemptions.flatMap((exemption, index) =>
        exemption.rules.some((one) => isAbout(one, step)) && describeExemption(exemption) === message ? [index] : [],
      );
      // Of two that say the same, the reason does not tell which it was.
      return granted.length === 1 ? place(['spec', 'exemptions', granted[0] ?? 0]) : undefined;
    },
  };
}

/** The part of a rule's entry that a reason is about. */
const parts: { readonly [code in ReasonCode]?: Path } = {
  'rule-off': ['mode'],
  'namespace-out-of-scope': ['match', 'namespaces'],
  'namespace-labels-out-of-scope': ['match', 'namespaceLabels'],
  'namespace-labels-unknown': ['match', 'namespaceLabels'],
  'labels-out-of-scope': ['match', 'labels'],
  'owner-out-of-scope': ['match', 'owners'],
  'image-out-of-scope': ['match', 'images'],
};
