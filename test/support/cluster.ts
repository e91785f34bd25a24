import { caSubject } from '../../src/certificates/bundle.js';
import { issuePair } from '../../src/certificates/issue.js';
import type { CertificatePair } from '../../src/certificates/pair.js';
import type { ClusterAccess } from '../../src/cluster/access.js';
import type {
  CaBundlePatch,
  Cluster,
  Namespace,
  Secret,
  SecretPatch,
  Webhook,
  WebhookConfiguration,
  Written,
} from '../../src/cluster/cluster.js';
import type { Watched } from '../../src/cluster/follow.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';

export type Call = keyof Cluster;

/** A cluster in memory: what it holds, and its clock, are the test's to set. */
export type MemoryCluster = {
  readonly cluster: Cluster;
  /** Every call that was made, in order, also those that failed. */
  readonly calls: Call[];
  now: Date;
  secret: Secret | undefined;
  configurations: WebhookConfiguration[];
  namespaces: readonly Namespace[];
  /** Runs before each call takes effect; what it throws, the call throws. */
  before: (call: Call) => void | Promise<void>;
};

/** A write is refused where its version is not the one that is there, as the API server does it. */
export function createMemoryCluster(initial: Partial<Omit<MemoryCluster, 'cluster' | 'calls'>> = {}): MemoryCluster {
  let versions = 100;
  const next = (): string => String(++versions);

  const patchSecret = ({ version, annotations, data }: SecretPatch): Written => {
    const { secret } = memory;
    if (secret?.version !== version) return 'conflict';
    memory.secret = {
      version: next(),
      annotations: merged(secret.annotations, annotations),
      data: merged(secret.data, data),
    };
    return 'done';
  };

  const patchCaBundles = ({
    configuration: { kind, name, uid, version },
    webhooks,
    caBundle,
  }: CaBundlePatch): Written => {
    const known = memory.configurations.find((one) => one.kind === kind && one.name === name);
    if (known === undefined || known.uid !== uid || known.version !== version) return 'conflict';
    const patched = known.webhooks.map((one) => (webhooks.includes(one.name) ? { ...one, caBundle } : one));
    const managers = [...new Set(['aloft-certificates', ...known.managers])];
    replace(memory, { ...known, version: next(), generation: known.generation + 1, webhooks: patched, managers });
    return 'done';
  };

  const answer = async <T>(call: Call, run: () => T): Promise<T> => {
    memory.calls.push(call);
    await memory.before(call);
    return run();
  };

  const memory: MemoryCluster = {
    now: new Date('2026-11-21T05:00:00Z'),
    secret: undefined,
    configurations: [],
    namespaces: [],
    before: () => undefined,
    calls: [],
    ...initial,
    cluster: {
      readSecret: () => answer('readSecret', () => ({ value: memory.secret, at: memory.now })),
      createSecret: () =>
        answer('createSecret', () => {
          memory.secret ??= { version: next(), annotations: {}, data: {} };
        }),
      patchSecret: (patch) => answer('patchSecret', () => patchSecret(patch)),
      readWebhookConfigurations: () => answer('readWebhookConfigurations', () => memory.configurations),
      patchCaBundles: (patch) => answer('patchCaBundles', () => patchCaBundles(patch)),
      listMutatingWebhookConfigurations: () =>
        answer('listMutatingWebhookConfigurations', () =>
          memory.configurations.filter(({ kind }) => kind === 'MutatingWebhookConfiguration'),
        ),
      listNamespaces: () => answer('listNamespaces', () => memory.namespaces),
    },
  };
  return memory;
}

/** Somebody else writes these bundles into every entry of a configuration. */
export function overwriteBundles(memory: MemoryCluster, name: string, caBundle: string, manager: string): void {
  for (const known of memory.configurations.filter((one) => one.name === name)) {
    const webhooks = known.webhooks.map((webhook) => ({ ...webhook, caBundle }));
    const version = `${known.version}+`;
    const managers = [manager, ...known.managers.filter((one) => one !== manager)];
    replace(memory, { ...known, version, generation: known.generation + 1, webhooks, managers });
  }
}

function replace(memory: MemoryCluster, configuration: WebhookConfiguration): void {
  const { kind, name } = configuration;
  memory.configurations = memory.configurations.map((one) =>
    one.kind === kind && one.name === name ? configuration : one,
  );
}

/** RFC 7386, for strings. */
const merged = <T extends string>(
  values: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, T | null>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries<string | null>({ ...values, ...changes }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );

export const ourService = { namespace: 'aloft-system', name: 'aloft' };

/** An entry that leads to our Service, unless it says otherwise. */
export const webhookOf = (name: string, parts: Partial<Webhook> = {}): Webhook => ({
  name,
  service: ourService,
  caBundle: '',
  ...parts,
});

/** A configuration of ours as it is installed: without a bundle. */
export const configurationOf = (parts: Partial<WebhookConfiguration> = {}): WebhookConfiguration => ({
  kind: 'MutatingWebhookConfiguration',
  name: 'aloft',
  uid: 'uid-1',
  version: '7',
  generation: 1,
  managers: ['helm'],
  webhooks: [webhookOf('pods.aloft.dev'), webhookOf('services.aloft.dev')],
  ...parts,
});

/** The names under which API servers call us. */
export const ourNames = ['aloft', 'aloft.aloft-system', 'aloft.aloft-system.svc'];

/** A generation as a replica makes it. */
export const issueOurs = (
  now: Date,
  lifetimeDays = 90,
  names: readonly string[] = ourNames,
): Promise<CertificatePair> => issuePair({ names, now, lifetimeDays, subject: caSubject });

/** The way to a cluster in memory; `poke` is what an event of a watch does. */
export function accessTo(memory: MemoryCluster) {
  const followed: { readonly watched: Watched; readonly changed: () => void }[] = [];
  const access: ClusterAccess = {
    cluster: memory.cluster,
    server: 'https://in-memory',
    follow: (watched, changed, signal) => {
      followed.push({ watched, changed });
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
    certificateObjects: [
      { path: '/secrets', name: 'aloft-tls' },
      { path: '/mutating', name: 'aloft' },
    ],
    namespaces: { path: '/namespaces' },
    close: () => undefined,
  };
  const poke = (): void => {
    for (const { changed } of followed) changed();
  };
  return { access, followed, poke };
}

/** Telemetry that a test can read. */
export function createTelemetry() {
  const log: string[] = [];
  const logger = createLogger('debug', { write: (line) => void log.push(line) });
  const metrics = createMetrics('0.0.0');
  const lines = (): readonly Record<string, unknown>[] => log.map((line) => JSON.parse(line));
  const samples = async (name: string): Promise<readonly string[]> =>
    (await metrics.registry.getSingleMetricAsString(name)).split('\n').filter((line) => line.startsWith(name));
  return { telemetry: { logger, metrics }, log, lines, samples };
}
