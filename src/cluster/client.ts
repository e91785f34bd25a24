import type { V1Namespace } from '@kubernetes/client-node';
import type { CaBundlePatch, Cluster, Secret, SecretPatch, Timed, WebhookConfiguration, Written } from './cluster.js';
import { asApply, asMergePatch, type Connection, failed, fieldManager, statusOf } from './connection.js';
import { parseWebhookConfiguration, type WireConfiguration } from './webhook-configuration.js';

/** Which objects are ours. */
export type OwnObjects = {
  readonly namespace: string;
  readonly secret: string;
  /** Looked for among the mutating and the validating ones. */
  readonly webhookConfigurations: readonly string[];
};

/** The calls on a real API server. Each throws where it cannot be made, with a sentence that names what was tried. */
export function createCluster(connection: Connection, own: OwnObjects): Cluster {
  const { core, admission } = connection;
  return {
    readSecret: () => attempt(`read Secret ${own.namespace}/${own.secret}`, () => readSecret(connection, own)),
    createSecret: () => attempt(`create Secret ${own.namespace}/${own.secret}`, () => createSecret(connection, own)),
    patchSecret: (patch) =>
      attempt(`patch Secret ${own.namespace}/${own.secret}`, () => unlessChanged(patchSecret(connection, own, patch))),
    readWebhookConfigurations: () =>
      attempt('read our webhook configurations', () => readConfigurations(connection, own.webhookConfigurations)),
    patchCaBundles: (patch) =>
      attempt(`patch ${patch.configuration.kind} ${patch.configuration.name}`, () =>
        unlessChanged(patchCaBundles(connection, patch)),
      ),
    listMutatingWebhookConfigurations: () =>
      attempt('list MutatingWebhookConfigurations', async () => {
        const { items } = await admission.listMutatingWebhookConfiguration();
        return items.map((item) => parseWebhookConfiguration('MutatingWebhookConfiguration', item));
      }),
    listNamespaces: () =>
      attempt('list namespaces', async () => {
        const { items } = await core.listNamespace();
        return items.map(({ metadata }: V1Namespace) => ({
          name: metadata?.name ?? '',
          labels: metadata?.labels ?? {},
        }));
      }),
  };
}

async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failed(what, error);
  }
}

/** A conflict is how optimistic locking works; an object that is gone meanwhile changed as well. */
async function unlessChanged(call: Promise<unknown>): Promise<Written> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 || status === 404) return 'conflict';
    throw error;
  }
}

async function readSecret({ core }: Connection, own: OwnObjects): Promise<Timed<Secret | undefined>> {
  try {
    const { data, headers } = await core.readNamespacedSecretWithHttpInfo({
      name: own.secret,
      namespace: own.namespace,
    });
    const { metadata, data: encoded = {} } = data;
    const texts = Object.entries(encoded).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]);
    const secret = {
      version: metadata?.resourceVersion ?? '',
      annotations: metadata?.annotations ?? {},
      data: Object.fromEntries(texts) as Record<string, string>,
    };
    return { value: secret, at: dateIn(headers) };
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { value: undefined, at: dateIn((error as { readonly headers?: Headers }).headers) };
  }
}

type Headers = { readonly [name: string]: string };

/** The server's clock; ours, should a proxy have swallowed the header. */
function dateIn(headers: Headers | undefined): Date {
  const date = new Date(headers?.['date'] ?? '');
  return Number.isNaN(date.getTime()) ? new Date() : date;
}

async function createSecret({ core }: Connection, { namespace, secret: name }: OwnObjects): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } };
  await core.patchNamespacedSecret({ name, namespace, fieldManager, body }, asApply);
}

function patchSecret({ core }: Connection, own: OwnObjects, { version, annotations, data }: SecretPatch) {
  const encoded = Object.entries(data).map(([key, text]) => [
    key,
    text === null ? null : Buffer.from(text).toString('base64'),
  ]);
  const body = { metadata: { resourceVersion: version, annotations }, data: Object.fromEntries(encoded) };
  return core.patchNamespacedSecret({ name: own.secret, namespace: own.namespace, fieldManager, body }, asMergePatch);
}

async function readConfigurations(
  { admission }: Connection,
  names: readonly string[],
): Promise<readonly WebhookConfiguration[]> {
  const calls = names.flatMap((name) => [
    read('MutatingWebhookConfiguration', () => admission.readMutatingWebhookConfiguration({ name })),
    read('ValidatingWebhookConfiguration', () => admission.readValidatingWebhookConfiguration({ name })),
  ]);
  return (await Promise.all(calls)).flatMap((configuration) => configuration ?? []);
}

async function read(
  kind: WebhookConfiguration['kind'],
  call: () => Promise<WireConfiguration>,
): Promise<WebhookConfiguration | undefined> {
  try {
    return parseWebhookConfiguration(kind, await call());
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The uid and the version are preconditions; an entry's other fields stay with whoever wrote them. */
function patchCaBundles({ admission }: Connection, { configuration, webhooks, caBundle }: CaBundlePatch) {
  const { kind, name, uid, version } = configuration;
  const encoded = Buffer.from(caBundle).toString('base64');
  const body = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name, uid, resourceVersion: version },
    webhooks: webhooks.map((webhook) => ({ name: webhook, clientConfig: { caBundle: encoded } })),
  };
  const request = { name, body, fieldManager, force: true };
  return kind === 'MutatingWebhookConfiguration'
    ? admission.patchMutatingWebhookConfiguration(request, asApply)
    : admission.patchValidatingWebhookConfiguration(request, asApply);
}
