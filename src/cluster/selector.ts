import { asRecord, asText, isRecord } from '../model/json.js';
import type { StringMap } from '../model/kubernetes.js';
import { ownValue } from '../model/metadata.js';

type Requirement = { readonly key: string; readonly operator: string; readonly values: readonly string[] };

/** What a LabelSelector asks for; one that is not there, or empty, asks for nothing. */
function requirementsOf(selector: unknown): readonly Requirement[] {
  const { matchLabels, matchExpressions } = asRecord(selector);
  const equal = Object.entries(asRecord(matchLabels)).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [asText(value)],
  }));
  const expressions = Array.isArray(matchExpressions) ? matchExpressions.filter(isRecord) : [];
  return [
    ...equal,
    ...expressions.map(({ key, operator, values }) => ({
      key: asText(key),
      operator: asText(operator),
      values: Array.isArray(values) ? values.map(asText) : [],
    })),
  ];
}

/** Why labels are not what a LabelSelector asks for, as a sentence; undefined where they are. */
export function mismatchOf(selector: unknown, labels: StringMap): string | undefined {
  const unmet = requirementsOf(selector).find((requirement) => !isMet(requirement, ownValue(labels, requirement.key)));
  if (unmet === undefined) return undefined;
  const value = ownValue(labels, unmet.key);
  const is = value === undefined ? `label ${unmet.key} is missing` : `label ${unmet.key} is "${value}"`;
  return `${is}, and the selector says ${showRequirement(unmet)}`;
}

/** The keys of the labels that a LabelSelector looks at. */
export const keysOf = (selector: unknown): readonly string[] => requirementsOf(selector).map(({ key }) => key);

/** A LabelSelector as kubectl and the API take it: `app=cart,tier in (web)`. */
export const showSelector = (selector: unknown): string => requirementsOf(selector).map(showRequirement).join(',');

function isMet({ operator, values }: Requirement, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isIn = value !== undefined && values.includes(value);
  return operator === 'NotIn' ? !isIn : isIn;
}

function showRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
  return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values.join(',')})`;
}
