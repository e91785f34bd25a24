import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCluster } from '../../src/cluster/access.js';
import { type Right, rights } from '../../src/cluster/rights.js';
import { eventually } from '../support/admission.js';
import {
  type ApiServer,
  type Asked,
  mutatingPath,
  startApiServer,
  validatingPath,
  wireConfiguration,
  writeKubeconfig,
} from '../support/api-server.js';

const saved = process.env['KUBECONFIG'];
const stopping = new AbortController();
let api: ApiServer;
afterAll(async () => {
  stopping.abort();
  await api.close();
  if (saved === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = saved;
});

/** Everything that `cluster/` can ask, asked once, with the default names. */
beforeAll(async () => {
  api = await startApiServer();
  process.env['KUBECONFIG'] = await writeKubeconfig(api.url);
  const { cluster, follow, certificateObjects, namespaces } = openCluster({
    namespace: 'aloft-system',
    secret: 'aloft-tls',
    webhookConfigurations: ['aloft'],
  });
  const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
  for (const [at, path] of [mutatingPath, validatingPath].entries())
    api.objects.set(path, wireConfiguration(kinds[at] ?? '', ['pods.aloft.dev']));
  await cluster.readSecret();
  await cluster.createSecret();
  await cluster.patchSecret({ version: '1', annotations: {}, data: {} });
  for (const configuration of await cluster.readWebhookConfigurations())
    await cluster.patchCaBundles({ configuration, webhooks: ['pods.aloft.dev'], caBundle: 'PEM' });
  await cluster.listMutatingWebhookConfigurations();
  await cluster.listNamespaces();
  const watched = [...certificateObjects, namespaces];
  for (const one of watched) void follow(one, () => undefined, stopping.signal);
  await eventually(api.watches, (count) => count === watched.length);
  expect(Object.keys(cluster)).toHaveLength(7);
});

/** The rights that a request needs, as the API server works them out. */
function needs({ method, path, query, type, body }: Asked): readonly string[] {
  const [, group, namespace, resource, name = /^metadata\.name=(.*)$/.exec(query['fieldSelector'] ?? '')?.[1]] =
    /^\/(?:api|apis\/([^/]+))\/v1(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const isPath = (text: string | undefined): boolean => text !== undefined && path.endsWith(`/${text}`);
  const reads = query['watch'] === 'true' ? 'watch' : isPath(name) ? 'get' : 'list';
  // Server-side apply creates what is not there, unless it says which object it means.
  const makes = type === 'application/apply-patch+yaml' && !('uid' in (body as { metadata: object }).metadata);
  const verbs = method === 'GET' ? [reads] : makes ? ['patch', 'create'] : ['patch'];
  const scope = namespace === undefined ? 'cluster' : 'namespace';
  return verbs.map((verb) =>
    describe({ scope, group: group ?? '', resource: resource ?? '', ...(name ? { name } : {}) }, verb),
  );
}

const describe = ({ scope, group, resource, name }: Omit<Right, 'verbs' | 'feature'>, verb: string): string =>
  `${verb} ${resource}.${group} ${name ?? '*'} (${scope})`;

test('the rights are exactly what is asked of the API server: nothing is missing, nothing is left over', () => {
  const granted = rights.flatMap((right) => right.verbs.map((verb) => describe(right, verb)));
  expect(new Set(granted).size).toBe(granted.length);
  expect([...new Set(api.asked.flatMap(needs))].sort()).toEqual([...granted].sort());
});

test('nothing is asked without its path being understood', () => {
  for (const asked of api.asked) expect(needs(asked).join()).not.toMatch(/ \.| undefined/);
});
