import type { KubeconfigChoice } from '../../cluster/kubeconfig.js';
import type { Objects } from '../../cluster/objects.js';
import { surroundings } from '../../cluster/resources.js';
import { printManifest } from '../../manifests/print.js';
import { asRecord, asText, type Json } from '../../model/json.js';
import type { StringMap } from '../../model/kubernetes.js';
import { messageOf } from '../../model/problem.js';
import type { InputProblem } from '../../reports/reviewed.js';
import type { ClusterOptions } from '../cluster-options.js';
import type { Inputs, Source } from '../inputs/inputs.js';
import { type Fetched, fetchObjects } from './objects.js';
import { parseWanted, type Wanted } from './wanted.js';

/**
 * Reads from a cluster what words name as kubectl reads them (`pods,svc`, `deployment/cart`), or everything that rules
 * decide on, and the namespaces that it is in. Nothing is changed, and only what is needed is asked for.
 */
export async function readLive(words: readonly string[], options: ClusterOptions): Promise<Inputs> {
  const wanted = parseWanted(words);
  if ('problem' in wanted) return { sources: [], problems: [asProblem(wanted.problem)], leftOut: [], gathered: [] };
  const live = await withObjects(options, async (api) => {
    const { objects, problems } = await fetchIn(api, wanted, options);
    const namespaces = await readNamespaces(api, objects);
    return {
      sources: [
        ...[...namespaces.labels].map(([name, labels]) => namespaceSource(name, labels)),
        ...objects.map(({ file, text }) => ({ file, text })),
      ],
      problems: problems.map(asProblem),
      leftOut: [],
      gathered: [],
    };
  });
  return 'unreachable' in live
    ? { sources: [], problems: [asProblem(live.unreachable)], leftOut: [], gathered: [] }
    : live;
}

/** Opens the cluster for as long as a task takes; whatever keeps it from being read is a sentence. */
export async function withObjects<T>(
  options: KubeconfigChoice,
  task: (api: Objects) => Promise<T>,
): Promise<T | { readonly unreachable: string }> {
  // The client is the heaviest part of aloft: loaded only where a cluster is asked for.
  const { openObjects } = await import('../../cluster/objects.js');
  let api: Objects | undefined;
  try {
    api = openObjects(options);
    return await task(api);
  } catch (error) {
    const context = api === undefined ? '' : `context ${api.context.name}: `;
    return { unreachable: `${context}${messageOf(error)}` };
  } finally {
    api?.close();
  }
}

/** The objects of the namespace that is meant, or of all. */
export function fetchIn(api: Objects, wanted: readonly Wanted[], options: ClusterOptions): Promise<Fetched> {
  const namespace = options.allNamespaces === true ? undefined : (options.namespace ?? api.context.namespace);
  return fetchObjects(api, wanted, { namespace });
}

/** The labels of namespaces, as far as they may be read; and the rights that are missing for the others. */
export type KnownNamespaces = {
  readonly labels: ReadonlyMap<string, StringMap>;
  readonly denied: readonly string[];
};

/** Reads the namespaces of some objects: one by one where they are few, so that a right to one is enough. */
export async function readNamespaces(
  api: Objects,
  objects: readonly { readonly namespace: string }[],
): Promise<KnownNamespaces> {
  const names = [...new Set(objects.map(({ namespace }) => namespace))];
  const { Namespace } = surroundings;
  const labels = new Map<string, StringMap>();
  const denied: string[] = [];
  const take = (object: Json): void => {
    const { name, labels: own } = asRecord(object['metadata']);
    labels.set(asText(name), asRecord(own) as StringMap);
  };
  if (names.length > fewNamespaces) {
    const all = await api.list(Namespace, {}, take);
    return { labels, denied: 'denied' in all ? [all.denied] : [] };
  }
  for (const name of names) {
    const found = await api.read(Namespace, { name });
    if ('value' in found) take(found.value);
    else if ('denied' in found) denied.push(found.denied);
  }
  return { labels, denied };
}

const fewNamespaces = 3;

const namespaceFile = 'live:namespace/';

/** Whether a file stands for a namespace of the cluster. */
export const isLiveNamespace = (file: string): boolean => file.startsWith(namespaceFile);

const namespaceSource = (name: string, labels: StringMap): Source => ({
  file: `${namespaceFile}${name}`,
  text: printManifest({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
});

const asProblem = (message: string): InputProblem => ({ file: 'live', message });
