import { asRecord, asText, isRecord, type Json, valueAt } from '../model/json.js';
import type { Kind } from '../model/kubernetes.js';
import type { Path } from '../model/problem.js';
import { makersOfReplicaSets } from '../model/workload.js';
import { kindOf } from './kinds.js';
import { type Because, type ExplainedOperation, escapeToken, pointerTokens } from './operation.js';

/** What of a manifest rules decide on: the object itself, or the Pod that its controller would create from it. */
export type Subject = {
  readonly kind: Kind;
  readonly object: unknown;
  /** Where in the manifest the object, or the template of the Pod, stands. */
  readonly path: Path;
};

/**
 * The subject of a manifest: Pods and Services as they are; of everything with a Pod template (Deployment, CronJob, any
 * `spec.template` with containers) the Pod as the controller would build it. Undefined where no rule has a say.
 */
export function subjectOf(manifest: unknown, namespace: string): Subject | undefined {
  if (!isRecord(manifest)) return undefined;
  const kind = asText(manifest['kind']);
  const [group, version] = groupVersion(asText(manifest['apiVersion']));
  const own = kindOf({ group, version, kind });
  if (own !== undefined) return { kind: own, object: manifest, path: [] };
  const path = kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const template = valueAt(manifest, path);
  // Other things are called `template` too: an Argo Workflow's, a cert-manager Certificate's.
  if (!isRecord(template) || !isRecord(template['spec']) || !Array.isArray(template['spec']['containers']))
    return undefined;
  return { kind: 'Pod', object: buildPod(manifest, template, namespace), path };
}

/** The operations on a subject as operations on its manifest. */
export function retarget(operations: readonly ExplainedOperation[], { path, object }: Subject, manifest: unknown) {
  const prefix = path.map((step) => `/${escapeToken(String(step))}`).join('');
  if (prefix === '') return operations;
  const template = valueAt(manifest, path);
  const moved = operations.map((operation) => ({ ...operation, path: prefix + operation.path }));
  const hasMetadata = isRecord(template) && template['metadata'] != null;
  return hasMetadata || !isRecord(object) ? moved : gatherMetadata(moved, `${prefix}/metadata`);
}

/** A template without metadata gets it whole: the Pod built from it had some, its template has none to add to. */
function gatherMetadata(operations: readonly ExplainedOperation[], path: string): readonly ExplainedOperation[] {
  const value: Record<string, unknown> = {};
  const because: Because[] = [];
  const others = operations.filter((operation) => {
    if (!operation.path.startsWith(`${path}/`)) return true;
    const name = pointerTokens(operation.path).at(-1) ?? '';
    value[name] = operation.value;
    because.push(...operation.because.map((one) => ({ ...one, at: `/${name}${one.at}` })));
    return false;
  });
  return Object.keys(value).length === 0 ? others : [{ op: 'add', path, value, because }, ...others];
}

/** Stand where the controller would write a hash of the template, the end of a name, or the time of a CronJob's run. */
const hash = 'xxxxxxxxxx';
const suffix = 'xxxxx';
const time = '00000000';

/** Whether a text holds a name of which a controller makes up the end. */
export const hasPlaceholder = (text: string): boolean => placeholder.test(text);
const placeholder = new RegExp(`-(?:${hash}|${suffix}|${time})(?![\\w.-])`);

/** The Pod that a controller creates: its template, owned by what creates it, under a name that is still to come. */
function buildPod(workload: Json, template: Json, namespace: string): Json {
  const kind = asText(workload['kind']);
  const { name, generateName } = asRecord(workload['metadata']);
  // Anything but an object stays as it is, so that the review finds it malformed.
  if (template['metadata'] != null && !isRecord(template['metadata'])) return { ...template };
  const metadata = asRecord(template['metadata']);
  const owner = ownerFor(kind, asText(name) || `${asText(generateName)}${suffix}`, asText(workload['apiVersion']));
  const hashLabel = makersOfReplicaSets.find((maker) => maker.kind === kind)?.hashLabel;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      ...(hashLabel && isRecord(metadata['labels']) ? { labels: { ...metadata['labels'], [hashLabel]: hash } } : {}),
      generateName: `${owner.name}-`,
      namespace,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: template['spec'],
  };
}

function ownerFor(kind: string, name: string, apiVersion: string) {
  if (makersOfReplicaSets.some((maker) => maker.kind === kind)) {
    return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${hash}` };
  }
  if (kind === 'CronJob') return { apiVersion: 'batch/v1', kind: 'Job', name: `${name}-${time}` };
  // A ReplicaSet of a Deployment carries the Deployment's hash; one that stands alone is the workload itself.
  return { apiVersion, kind, name };
}

const groupVersion = (apiVersion: string): readonly [string, string] => {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
};
