import { asRecord, asText, isRecord, type Json, valueAt } from '../model/json.js';
import type { StringMap } from '../model/kubernetes.js';
import { keysOf, mismatchOf } from './selector.js';

/** A MutatingWebhookConfiguration, as far as it says which objects a webhook is called for. */
export type MutatingConfiguration = {
  readonly name: string;
  /** When it was created, and when somebody last changed it, in milliseconds since 1970; NaN where it does not say. */
  readonly createdAt: number;
  readonly changes: readonly Change[];
  readonly webhooks: readonly MutatingWebhook[];
};

/** Who changed an object, when last, and whether labels or annotations are among what that was. */
export type Change = { readonly manager: string; readonly at: number; readonly isOfMetadata: boolean };

export type MutatingWebhook = {
  readonly name: string;
  readonly rules: readonly Json[];
  readonly namespaceSelector: unknown;
  readonly objectSelector: unknown;
  /** The names of its `matchConditions`. */
  readonly conditions: readonly string[];
  readonly failurePolicy: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly hasCaBundle: boolean;
};

/** The parts of a configuration as the API server sends it. */
export function parseMutatingConfiguration(wire: Json): MutatingConfiguration {
  const { name, creationTimestamp } = asRecord(wire['metadata']);
  return {
    name: asText(name),
    createdAt: Date.parse(asText(creationTimestamp)),
    changes: changesOf(wire),
    webhooks: listOf(wire['webhooks']).map(parseWebhook),
  };
}

/** Who changed an object itself, and not its status, the latest change first. */
export const changesOf = (wire: Json): readonly Change[] =>
  listOf(valueAt(wire, ['metadata', 'managedFields']))
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager, time, fieldsV1 }) => ({
      manager: asText(manager),
      at: Date.parse(asText(time)),
      isOfMetadata: valueAt(fieldsV1, ['f:metadata']) !== undefined,
    }))
    .filter(({ at }) => !Number.isNaN(at))
    .toSorted((one, other) => other.at - one.at);

function parseWebhook(wire: Json): MutatingWebhook {
  const service = valueAt(wire, ['clientConfig', 'service']);
  return {
    name: asText(wire['name']),
    rules: listOf(wire['rules']),
    namespaceSelector: wire['namespaceSelector'],
    objectSelector: wire['objectSelector'],
    conditions: listOf(wire['matchConditions']).map(({ name }) => asText(name)),
    failurePolicy: asText(wire['failurePolicy']) || 'Fail',
    ...(isRecord(service)
      ? { service: { namespace: asText(service['namespace']), name: asText(service['name']) } }
      : {}),
    hasCaBundle: asText(valueAt(wire, ['clientConfig', 'caBundle'])) !== '',
  };
}

/** A request as webhooks are chosen for it; `namespaceLabels` are absent where they are not known. */
export type Asked = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly operation: string;
  readonly namespace: string;
  readonly namespaceLabels?: StringMap | undefined;
  readonly labels: StringMap;
};

/** Whether an API server calls a webhook; where it does not, or nobody can tell, a sentence says why. */
export type Call = { readonly called: 'yes' } | { readonly called: 'no' | 'perhaps'; readonly why: string };

/** As kube-apiserver does: by rules, then by the labels of the namespace, then by those of the object. */
export function callOf(webhook: MutatingWebhook, asked: Asked): Call {
  const { namespace, resource, operation } = asked;
  if (!coversRequest(webhook, asked)) return no(`its rules are not about ${operation} of ${resource}`);
  const labels = asked.namespaceLabels ?? guessed(webhook, namespace);
  if (labels === undefined) return perhaps(`it chooses by labels of namespace ${namespace}, which cannot be read`);
  const ofNamespace = mismatchOf(webhook.namespaceSelector, labels);
  if (ofNamespace !== undefined) return no(`its namespaceSelector leaves out namespace ${namespace}: ${ofNamespace}`);
  const ofObject = mismatchOf(webhook.objectSelector, asked.labels);
  if (ofObject !== undefined) return no(`its objectSelector leaves out the object: ${ofObject}`);
  const conditions = webhook.conditions.join(', ');
  return conditions === '' ? { called: 'yes' } : perhaps(`its matchConditions decide, in CEL: ${conditions}`);
}

/** Whether it is meant for requests of this kind at all. */
export const coversRequest = ({ rules }: MutatingWebhook, { group, version, resource, operation }: Asked): boolean =>
  rules.some(
    (rule) =>
      names(rule, 'operations', operation) &&
      names(rule, 'apiGroups', group) &&
      names(rule, 'apiVersions', version) &&
      ['*', 'Namespaced'].includes(asText(rule['scope']) || '*') &&
      // `pods/*` are the Pods and everything of them.
      textsOf(rule['resources']).some((one) => ['*', resource, '*/*', `${resource}/*`].includes(one)),
  );

const no = (why: string): Call => ({ called: 'no', why });
const perhaps = (why: string): Call => ({ called: 'perhaps', why });

/** API servers from 1.21 on put the name of a namespace into a label of it. */
const nameLabel = 'kubernetes.io/metadata.name';
const guessed = ({ namespaceSelector }: MutatingWebhook, namespace: string): StringMap | undefined =>
  keysOf(namespaceSelector).every((key) => key === nameLabel) ? { [nameLabel]: namespace } : undefined;

const names = (rule: Json, field: string, wanted: string): boolean =>
  textsOf(rule[field]).some((one) => one === '*' || one === wanted);

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(asText) : []);

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
