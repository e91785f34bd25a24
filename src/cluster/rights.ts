/** What the calls of this folder need: the manifests grant exactly this, and a test compares them. */
export type Right = {
  readonly scope: 'namespace' | 'cluster';
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** The one object that is meant; without it, all of them. */
  readonly name?: string;
  /** What aloft cannot do without it. */
  readonly feature: 'certificates' | 'order-check' | 'namespace-labels';
};

const group = 'admissionregistration.k8s.io';

/** The rights of an installation with the default names. */
export const rights: readonly Right[] = [
  {
    scope: 'namespace',
    group: '',
    resource: 'secrets',
    // A Secret that was deleted is created by server-side apply, which is the one way to create that a name can limit.
    verbs: ['get', 'watch', 'patch', 'create'],
    name: 'aloft-tls',
    feature: 'certificates',
  },
  {
    scope: 'cluster',
    group,
    resource: 'mutatingwebhookconfigurations',
    verbs: ['get', 'watch', 'patch'],
    name: 'aloft',
    feature: 'certificates',
  },
  {
    scope: 'cluster',
    group,
    resource: 'validatingwebhookconfigurations',
    verbs: ['get', 'watch', 'patch'],
    name: 'aloft',
    feature: 'certificates',
  },
  { scope: 'cluster', group, resource: 'mutatingwebhookconfigurations', verbs: ['list'], feature: 'order-check' },
  { scope: 'cluster', group: '', resource: 'namespaces', verbs: ['list', 'watch'], feature: 'namespace-labels' },
];
