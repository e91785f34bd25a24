import { annotationPath } from '../model/field-paths.js';
import { isRecord } from '../model/json.js';
import type { Pod, Service, StringMap } from '../model/kubernetes.js';
import { containersOf, ownValue } from '../model/metadata.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { checkFaults } from './datadog-checks.js';
import { parseGoJson } from './datadog-json.js';
import { unknownVariable } from './datadog-template-variables.js';
import { parseGoBool } from './go-values.js';
import { meshContainers } from './istio.js';
import { mayBeInjected } from './istio-injection.js';
import { quoted } from './quoted-value.js';

const prefix = 'ad.datadoghq.com/';
const legacyPrefix = 'service-discovery.datadoghq.com/';

/** Whether an annotation is one of Autodiscovery's. */
export const isDatadogKey = (key: string): boolean => key.startsWith(prefix) || key.startsWith(legacyPrefix);

/**
 * What of a Pod's annotations the node Agent would refuse or pass over without a word (DataDog/datadog-agent
 * comp/core/autodiscovery/common/utils: ValidateAnnotationsMatching, ExtractTemplatesFromAnnotations).
 */
export function datadogPodFaults(pod: Pod): readonly Reason[] {
  const annotations: StringMap = pod.metadata?.annotations ?? {};
  const names = new Set(containersOf(pod).map(({ container }) => container.name));
  // What webhooks after us add to the Pod has its annotations already.
  const later = mayBeInjected(pod) ? [...meshContainers, ...addedByDatadog] : addedByDatadog;
  const identifiers = new Set(Array.from(names, (name) => ownValue(annotations, `${prefix}${name}.check.id`) ?? name));
  const faults = [...switchFaults(annotations)];
  for (const [id, keys] of keysById(annotations)) {
    const knownFor = (key: string) => (key.endsWith('.check.id') ? names : identifiers);
    const stray = keys.find((key) => !knownFor(key).has(id) && !later.includes(id));
    if (stray === undefined) {
      faults.push(...entryFaults(annotations, id, 'Pod'));
    } else if (id === 'service' || id === 'endpoints') {
      faults.push(annotationFault('datadog-wrong-object', stray, ' is read on Services only: annotate the Service'));
    } else {
      const has = [...knownFor(stray)].slice(0, mostNames).join(', ') || 'none';
      faults.push(
        annotationFault('datadog-unknown-container', stray, `: no container is called "${id}", there is ${has}`),
      );
    }
  }
  return faults;
}

/** So many names of containers help; a Pod may have thousands. */
const mostNames = 5;

const addedByDatadog: readonly string[] = ['datadog-agent-injected'];

/**
 * What of a Service's annotations the Cluster Agent would refuse or pass over without a word (DataDog/datadog-agent
 * comp/core/autodiscovery/providers/kube_services.go, kube_endpoints.go; listeners/kube_services.go).
 */
export function datadogServiceFaults(service: Service): readonly Reason[] {
  const annotations: StringMap = service.metadata?.annotations ?? {};
  return [...keysById(annotations)].flatMap(([id, keys]) => {
    const [first = ''] = keys;
    if (id === 'service' || id === 'endpoints') return entryFaults(annotations, id, 'Service');
    // Filters take the name of the Service for that of a container.
    const read = keys.find((key) => !key.endsWith('exclude'));
    const says = ` is read on Pods only: write service or endpoints for "${id}"`;
    return read === undefined ? [] : [annotationFault('datadog-wrong-object', first, says)];
  });
}

/** The annotations by the identifier that they are for; those without one are for the whole object. */
function keysById(annotations: StringMap): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const key of Object.keys(annotations)) {
    if (!isDatadogKey(key)) continue;
    const rest = key.slice(key.indexOf('/') + 1);
    const end = rest.endsWith('.check.id') ? rest.length - '.check.id'.length : rest.lastIndexOf('.');
    if (end < 0) continue;
    const id = rest.slice(0, end);
    const keys = found.get(id);
    if (keys === undefined) found.set(id, [key]);
    else keys.push(key);
  }
  return found;
}

/** What is wrong with the annotations of one identifier. */
function entryFaults(annotations: StringMap, id: string, kind: 'Pod' | 'Service'): readonly Reason[] {
  const own = `${prefix}${id}.`;
  return [
    ...checkFaults({ annotations, prefix: own, kind }),
    ...legacyFaults(annotations, id, kind),
    ...logsFaults(annotations, own, kind),
    ...tagsFaults(annotations, own),
    ...valueFaults(annotations, own, id),
  ];
}

/** Under the old prefix, v1 is read on Pods, where the new prefix has none; nothing is on Services. */
function legacyFaults(annotations: StringMap, id: string, kind: 'Pod' | 'Service'): readonly Reason[] {
  const legacy = `${legacyPrefix}${id}.`;
  const keys = ['checks', 'check_names'].filter((key) => ownValue(annotations, legacy + key) !== undefined);
  const unread = keys.find((key) => kind === 'Service' || key === 'checks');
  if (unread !== undefined) {
    return [annotationFault('datadog-legacy-prefix', legacy + unread, ` is not read: write ${prefix}`)];
  }
  if (keys.length === 0) return [];
  const hidden = ['checks', 'check_names'].find((key) => ownValue(annotations, `${prefix}${id}.${key}`) !== undefined);
  if (hidden === undefined) return checkFaults({ annotations, prefix: legacy, kind });
  const message = `${prefix}${id}.${hidden} hides ${legacy}*: keep one of the two forms`;
  return [because('datadog-v1-masked', message, annotationPath(legacy + keys[0]))];
}

function logsFaults(annotations: StringMap, own: string, kind: 'Pod' | 'Service'): readonly Reason[] {
  const key = `${own}logs`;
  const logs = ownValue(annotations, key);
  if (logs === undefined) return [];
  const value = parseGoJson(logs)?.value;
  if (!Array.isArray(value))
    return [annotationFault('datadog-unreadable', key, ' is no JSON list: write [{"source":"…"}]')];
  const variable = unknownVariable(value, kind);
  return variable === undefined
    ? []
    : [annotationFault('datadog-unknown-variable', key, `: ${variable} is no template variable`)];
}

const tagsFaults = (annotations: StringMap, own: string): readonly Reason[] => {
  const key = `${own}tags`;
  const tags = ownValue(annotations, key);
  return tags === undefined || isRecord(parseGoJson(tags)?.value)
    ? []
    : [annotationFault('datadog-unreadable', key, ' is no JSON object: write {"<tag>":"<value>"}')];
};

const cardinalities = ['low', 'orchestrator', 'high', 'none'];

function valueFaults(annotations: StringMap, own: string, id: string): readonly Reason[] {
  const faults: Reason[] = [];
  const fault = (code: ReasonCode, key: string, says: string) =>
    faults.push(annotationFault(code, own + key, ` ${says}`));
  const cardinality = ownValue(annotations, `${own}check_tag_cardinality`);
  if (cardinality !== undefined && id === 'endpoints') {
    fault('datadog-no-effect', 'check_tag_cardinality', 'is dropped on endpoints: set it on the Agent');
  } else if (cardinality !== undefined && !cardinalities.includes(cardinality)) {
    fault('datadog-value', 'check_tag_cardinality', 'is none of low, orchestrator and high');
  }
  const resolve = ownValue(annotations, `${own}resolve`);
  if (resolve !== undefined && id === 'service') {
    fault('datadog-no-effect', 'resolve', 'has no effect: it is for endpoints');
  } else if (resolve !== undefined && id === 'endpoints' && !['', 'auto', 'ip'].includes(resolve)) {
    fault('datadog-value', 'resolve', 'counts as auto: write "auto" or "ip"');
  }
  return faults;
}

/** Annotations that turn something on or off; what they cannot read counts as not set. */
function switchFaults(annotations: StringMap): readonly Reason[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (!key.startsWith(prefix)) return [];
    const isExclude = /[/.](?:logs_|metrics_)?exclude$/.test(key);
    const isReadiness = key === `${prefix}tolerate-unready`;
    const isRead = isReadiness ? value === 'true' || value === 'false' : parseGoBool(value) !== undefined;
    if ((!isExclude && !isReadiness) || isRead) return [];
    return [annotationFault('datadog-boolean', key, `: ${quoted(value)} has no effect: write "true" or "false"`)];
  });
}
