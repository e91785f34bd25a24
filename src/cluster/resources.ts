/** A kind of object as the API server serves it, and what kubectl lets people call it. */
export type Resource = {
  readonly kind: string;
  readonly group: string;
  /** Of its group, the newest first; older servers have the later ones only. */
  readonly versions: readonly [string, ...string[]];
  readonly plural: string;
  readonly short: string;
  readonly isNamespaced: boolean;
};

const row = (
  kind: string,
  short: string,
  group = '',
  versions: Resource['versions'] = ['v1'],
  plural = `${kind.toLowerCase()}s`,
): Resource => ({ kind, group, versions, plural, short, isNamespaced: true });

export const podResource = row('Pod', 'po');

/** What rules decide on: Pods, Services, and what makes Pods. */
export const resources: readonly Resource[] = [
  podResource,
  row('Service', 'svc'),
  row('Deployment', 'deploy', 'apps'),
  row('StatefulSet', 'sts', 'apps'),
  row('DaemonSet', 'ds', 'apps'),
  row('ReplicaSet', 'rs', 'apps'),
  row('ReplicationController', 'rc'),
  row('Job', 'job', 'batch'),
  // Kubernetes 1.20 has no other.
  row('CronJob', 'cj', 'batch', ['v1', 'v1beta1']),
];

/** What tells why the webhook was or was not called. */
export const surroundings = {
  Namespace: { ...row('Namespace', 'ns'), isNamespaced: false },
  ConfigMap: row('ConfigMap', 'cm'),
  Endpoints: row('Endpoints', 'ep', '', ['v1'], 'endpoints'),
  EndpointSlice: row('EndpointSlice', '', 'discovery.k8s.io', ['v1', 'v1beta1']),
  MutatingWebhookConfiguration: {
    ...row('MutatingWebhookConfiguration', '', 'admissionregistration.k8s.io'),
    isNamespaced: false,
  },
} as const satisfies Record<string, Resource>;

/** Whether a word names a kind as kubectl would understand it: `pod`, `pods`, `po`, `deployment.apps`. */
export function isCalled({ kind, group, plural, short }: Resource, word: string): boolean {
  const [name, ...rest] = word.toLowerCase().split('.');
  return [kind.toLowerCase(), plural, short].some((known) => known === name) && isGroup(group, rest);
}

/** `deployment.apps`, and with the version before it: `deployments.v1.apps`. */
const isGroup = (group: string, rest: readonly string[]): boolean =>
  rest.length === 0 || (rest.at(-1) === group && rest.length <= 2);

/** The kind that a word names, if it is one that rules decide on. */
export const resourceCalled = (word: string): Resource | undefined =>
  resources.find((resource) => isCalled(resource, word));

/** Where the API server has a kind, or the one object of a name: of all namespaces, or of one. */
export function pathOf({ group, plural }: Resource, version: string, { namespace, name }: Place): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const parts = [...(namespace === undefined ? [] : ['namespaces', namespace]), plural, ...(name ? [name] : [])];
  return `${root}/${parts.map(encodeURIComponent).join('/')}`;
}

export type Place = { readonly namespace?: string | undefined; readonly name?: string | undefined };
