import { createServer, type Server } from 'node:http';
import { admit } from '../admission/admit.js';
import { createListener } from '../admission/app.js';
import { createHealthApp } from '../admission/health.js';
import { createLoadGate, defaultLoadLimits } from '../admission/load.js';
import { createRecorder } from '../admission/record.js';
import { createTlsServer } from '../admission/tls-server.js';
import { type LocalPair, openLocal } from '../certificates/local.js';
import { expiryOf } from '../certificates/pair.js';
import { createLogDestination, createLogger, type Level } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { version } from '../version.js';
import { type GoodPolicy, loadPolicy } from './policy-file.js';
import { keepCertificate, keepPolicy, type Telemetry } from './serving.js';
import { type Signalled, untilSignalled } from './signals.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

export type ServeOptions = {
  readonly port: number;
  readonly metricsPort: number;
  /** All addresses unless one is named. */
  readonly host?: string;
  readonly certDir: string;
  readonly policy?: string;
  readonly logLevel: Level;
  /** With `namespace`: the name under which the API server calls this server. */
  readonly service: string;
  readonly namespace: string;
};

/** How often the policy file and the certificate folder are looked at; ConfigMaps and Secrets change in minutes. */
const reloadEveryMs = 2000;

/** Serves admission reviews until it is told to stop. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const { port, metricsPort, host, certDir, service, namespace } = options;
  const loaded = await loadPolicy(options.policy);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const names = ['localhost', service, `${service}.${namespace}`, `${service}.${namespace}.svc`];
  const local = await openLocal(certDir, { names, ips: ['127.0.0.1', '::1'], now: new Date() });
  if ('problems' in local) return usageError(terminal, local.problems);

  const destination = createLogDestination();
  const telemetry = { logger: createLogger(options.logLevel, destination), metrics: createMetrics(version) };
  const { logger } = telemetry;
  const signalled = untilSignalled((err) => logger.error({ err }, 'fault of aloft, it drains and stops'));
  const parts = assemble(options, loaded, local, telemetry, signalled);
  try {
    await listen(parts.health, metricsPort, host);
    await parts.server.listen(port, host);
  } catch (error) {
    parts.stop();
    return usageError(terminal, [describeListenError(error)]);
  }
  const expires = expiryOf(local.pair).toISOString();
  const policy = loaded.policy.metadata.name;
  logger.info({ port, metricsPort, certDir, made: local.made, expires, policy }, 'serving');
  for (const warning of local.warnings) logger.warn({ warning }, 'certificate');

  const stop = await signalled.promise;
  logger.info({ stop }, 'draining');
  // Somebody at a terminal waits for the prompt; in a cluster, clients still have to learn that we go.
  const { cut } = await parts.server.drain(stop === 'SIGINT' ? atTerminal : undefined);
  logger.info({ cut }, 'stopped');
  parts.stop();
  destination.flushSync();
  return stop === 'fault' ? exit.internal : exit.clean;
}

const atTerminal = { minimumMs: 0, hardStopMs: 1000, everyMs: 50 };

/** Everything that runs while aloft serves, put together but not yet listening. */
function assemble(
  { policy, certDir, namespace }: ServeOptions,
  loaded: GoodPolicy,
  { pair }: LocalPair,
  telemetry: Telemetry,
  signalled: Signalled,
) {
  const { logger, metrics } = telemetry;
  const current = keepPolicy(policy, loaded, telemetry);
  const load = createLoadGate(defaultLoadLimits);
  const today = createCalendar();
  const listener = createListener({
    admit: (request, phase) => admit(request, phase, { plan: current.plan(), today: today(), ownNamespace: namespace }),
    answered: createRecorder(logger, metrics),
    rejected: (problem, detail) => {
      metrics.rejected(problem);
      logger.warn({ problem, detail }, 'rejected');
    },
    failed: (uid, err) => logger.error({ uid, err }, 'fault of aloft, the request was allowed'),
    load,
    onOversize: () => current.policy().spec.onOversize,
  });
  const server = createTlsServer(listener, pair);
  const certificate = keepCertificate(certDir, pair, server, telemetry);
  const conditions = [
    { name: 'certificate', missing: () => certificate.problems(new Date())[0] },
    // A bad file leaves the last good policy in force, so it shows without making anyone unready.
    { name: 'policy', missing: () => undefined, remark: () => current.problems()[0] },
    { name: 'not draining', missing: () => (signalled.already() ? 'draining' : undefined) },
  ];
  const health = createServer(createHealthApp(conditions, metrics.registry));
  const reload = setInterval(() => {
    current.reload().catch((err: unknown) => logger.error({ err }, 'policy could not be reloaded'));
    certificate.reload().catch((err: unknown) => logger.error({ err }, 'certificate could not be reloaded'));
  }, reloadEveryMs);
  const stop = (): void => {
    clearInterval(reload);
    load.stop();
    health.close();
    health.closeAllConnections();
  };
  return { server, health, stop };
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

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  return promise;
}

function describeListenError(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} is in use: stop what listens there, or choose others with --port and --metrics-port`;
  if (code === 'EACCES')
    return `port ${port} is not open to this user: choose one from 1024 on with --port and --metrics-port`;
  return `cannot listen: ${message}`;
}
