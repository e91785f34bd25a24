import { createServer, type RequestListener } from 'node:http';
import { admit } from '../../admission/admit.js';
import { createListener } from '../../admission/app.js';
import { type Condition, createHealthApp } from '../../admission/health.js';
import { createLoadGate, defaultLoadLimits } from '../../admission/load.js';
import { createRecorder } from '../../admission/record.js';
import { createTlsServer, type TlsServer } from '../../admission/tls-server.js';
import { checkKey } from '../../certificates/pair.js';
import { createLogDestination, createLogger } from '../../telemetry/logger.js';
import { createMetrics } from '../../telemetry/metrics.js';
import { version } from '../../version.js';
import { type GoodPolicy, loadPolicy } from '../policy-file.js';
import { type ExitCode, exit, type Terminal, usageError } from '../terminal.js';
import type { CertificateSource } from './certificate-source.js';
import { keepPolicy, type Telemetry } from './current-policy.js';
import { describeListenError, listen } from './listening.js';
import { followNamespaces, type Namespaces, needsNamespaceLabels } from './namespaces.js';
import type { ServeOptions } from './options.js';
import { checkOrder } from './order.js';
import { type Signalled, untilSignalled } from './signals.js';
import { type FoundCluster, findCluster, openCertificates } from './sources.js';

/** How often the policy file is looked at; ConfigMaps change in minutes. */
const reloadEveryMs = 2000;

/** Serves admission reviews until it is told to stop. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const { port, metricsPort, host, certSecret } = options;
  const loaded = await loadPolicy(options.policy);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const destination = createLogDestination();
  const telemetry = { logger: createLogger(options.logLevel, destination), metrics: createMetrics(version) };
  const { logger } = telemetry;
  // Kubernetes tells every Pod where its API server is.
  const inPod = process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
  const needsCluster = certSecret !== undefined || inPod || needsNamespaceLabels(loaded.policy);
  const found = await findCluster(options, needsCluster);
  const certificates = await openCertificates(options, found, telemetry);
  if ('unusable' in certificates) return usageError(terminal, certificates.unusable);

  const signalled = untilSignalled((err) => logger.error({ err }, 'fault of aloft, it drains and stops'));
  const parts = assemble(options, loaded, { certificates, ...found }, telemetry, signalled);
  const end = (code: ExitCode): ExitCode => {
    parts.stop();
    destination.flushSync();
    return code;
  };
  let server: TlsServer | undefined;
  try {
    await listen(parts.health, metricsPort, host);
    logger.info({ metricsPort, policy: loaded.policy.metadata.name, server: found.access?.server }, 'starting');
    server = await Promise.race([createWith(certificates, parts.listener), signalled.promise.then(() => undefined)]);
    await server?.listen(port, host);
  } catch (error) {
    end(exit.usage);
    return usageError(terminal, [describeListenError(error)]);
  }
  if (server !== undefined) {
    parts.serving();
    logger.info({ port, metricsPort }, 'serving');
  }

  const stop = await signalled.promise;
  logger.info({ stop }, 'draining');
  // Somebody at a terminal waits for the prompt; in a cluster, clients still have to learn that we go.
  const drained = await server?.drain(stop === 'SIGINT' ? atTerminal : undefined);
  logger.info({ cut: drained?.cut ?? 0 }, 'stopped');
  return end(stop === 'fault' ? exit.internal : exit.clean);
}

const atTerminal = { minimumMs: 0, hardStopMs: 1000, everyMs: 50 };

/** The HTTPS server with the first certificate that comes, and from then on with each later one. */
function createWith(certificates: CertificateSource, listener: RequestListener): Promise<TlsServer> {
  const { promise, resolve } = Promise.withResolvers<TlsServer>();
  let server: TlsServer | undefined;
  certificates.start((pair) => {
    if (server !== undefined) return server.useCertificate(pair);
    const problems = checkKey(pair);
    if (problems.length > 0) return problems;
    server = createTlsServer(listener, pair);
    resolve(server);
    return [];
  });
  return promise;
}

type Surroundings = FoundCluster & { readonly certificates: CertificateSource };

/** Everything that runs while aloft serves, put together but not yet listening. */
function assemble(
  { policy, namespace, webhookConfiguration }: ServeOptions,
  loaded: GoodPolicy,
  { certificates, access, problem }: Surroundings,
  telemetry: Telemetry,
  signalled: Signalled,
) {
  const { logger, metrics } = telemetry;
  const stopping = new AbortController();
  const current = keepPolicy(policy, loaded, telemetry);
  const load = createLoadGate(defaultLoadLimits);
  const today = createCalendar();
  let namespaces: Namespaces | undefined;
  // A policy that asks for them later does not make anyone unready: its rules skip until they are known.
  const followIfNeeded = (): void => {
    if (namespaces !== undefined || access === undefined || !needsNamespaceLabels(current.policy())) return;
    namespaces = followNamespaces(access, logger, stopping.signal);
  };
  followIfNeeded();
  if (access !== undefined) checkOrder(access.cluster, webhookConfiguration, logger, stopping.signal);
  else if (problem !== undefined) logger.warn({ problem }, 'no cluster: namespace labels and the order are unknown');

  const listener = createListener({
    admit: (request, phase) => {
      const namespaceLabels = namespaces?.labelsOf(request.namespace);
      const labels = namespaceLabels === undefined ? {} : { namespaceLabels };
      return admit(request, phase, { plan: current.plan(), today: today(), ownNamespace: namespace, ...labels });
    },
    answered: createRecorder(logger, metrics),
    rejected: (rejection, detail) => {
      metrics.rejected(rejection);
      logger.warn({ problem: rejection, detail }, 'rejected');
    },
    failed: (uid, err) => logger.error({ review: { uid }, err }, 'fault of aloft, the request was allowed'),
    load,
    onOversize: () => current.policy().spec.onOversize,
  });
  let isListening = false;
  const conditions = [
    { name: 'certificate', missing: () => certificates.problems(new Date())[0] },
    { name: 'listening', missing: () => (isListening ? undefined : 'not yet') },
    // A bad file leaves the last good policy in force, so it shows without making anyone unready.
    { name: 'policy', missing: () => undefined, remark: () => current.problems()[0] },
    namespacesCondition(() => namespaces),
    { name: 'not draining', missing: () => (signalled.already() ? 'draining' : undefined) },
  ];
  const serving = (): void => {
    isListening = true;
  };
  const health = createServer(createHealthApp(conditions, metrics.registry));
  const reload = setInterval(() => {
    current
      .reload()
      .then(followIfNeeded)
      .catch((err: unknown) => logger.error({ err }, 'policy could not be reloaded'));
  }, reloadEveryMs);
  const stop = (): void => {
    clearInterval(reload);
    stopping.abort();
    certificates.stop();
    access?.close();
    load.stop();
    health.close();
    health.closeAllConnections();
  };
  return { listener, health, stop, serving };
}

/** How long a start waits for the labels of namespaces: what is ready once does not depend on the API server. */
const namespacesWaitMs = 30_000;

function namespacesCondition(namespaces: () => Namespaces | undefined): Condition {
  const startedAt = performance.now();
  const unknown = (): string | undefined => (namespaces()?.known() === false ? 'not read yet' : undefined);
  return {
    name: 'namespaces',
    missing: () => (performance.now() - startedAt < namespacesWaitMs ? unknown() : undefined),
    remark: unknown,
  };
}

/** The day by which exemptions expire, as the clock has it: worked out once a minute at most. */
function createCalendar(): () => string {
  let minute = Number.NaN;
  let day = '';
  return () => {
    const now = Date.now();
    if (Math.floor(now / 60_000) !== minute) {
      minute = Math.floor(now / 60_000);
      day = new Date(now).toISOString().slice(0, 10);
    }
    return day;
  };
}
