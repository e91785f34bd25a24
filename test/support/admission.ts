import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { admit } from '../../src/admission/admit.js';
import { type AppDependencies, createListener } from '../../src/admission/app.js';
import { createLoadGate, defaultLoadLimits, type LoadLimits } from '../../src/admission/load.js';
import { createRecorder } from '../../src/admission/record.js';
import { type Plan, planPolicy } from '../../src/engine/plan.js';
import type { AnyRule, Decide } from '../../src/engine/rule.js';
import { defaultPolicy } from '../../src/policy/default.js';
import { registry } from '../../src/rules/registry.js';
import { createLogger, type Level } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { policyOf, today } from './reviewing.js';

/** A Pod that two rules of the default policy have something to do to. */
export const cart = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'cart-', labels: { app: 'cart' } },
  spec: { containers: [{ name: 'app', image: 'shop/cart:1.2.3' }] },
};

/** A monitoring agent, which leaves the mesh. */
export const agent = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'datadog-x', labels: { 'agent.datadoghq.com/component': 'agent' } },
  spec: { containers: [{ name: 'agent', image: 'gcr.io/datadoghq/agent:7' }] },
};

/** The Service in front of istiod 1.28. */
export const istiod = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod', istio: 'pilot' } },
  spec: {
    selector: { app: 'istiod', istio: 'pilot' },
    ports: [
      { name: 'https-dns', port: 15012, protocol: 'TCP' },
      { name: 'http-monitoring', port: 15014, protocol: 'TCP' },
    ],
  },
};

export const uid = '705ab4f5-6393-11e8-b7cc-42010a800002';

/** An AdmissionReview as the API server writes it, in its order; a member that is undefined is left out. */
export const admissionReview = (request: object = {}, apiVersion = 'admission.k8s.io/v1') => ({
  kind: 'AdmissionReview',
  apiVersion,
  request: {
    uid,
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'shop',
    operation: 'CREATE',
    userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
    object: cart,
    oldObject: null,
    dryRun: false,
    ...request,
  },
});

export const serviceKind = { group: '', version: 'v1', kind: 'Service' };

/** A rule for Pods of a test's own. */
export const ruleOf = (id: string, decide: Decide<'Pod'>): AnyRule => ({
  id,
  kind: 'Pod',
  summary: id,
  settings: z.object({}),
  prepare: () => decide,
});

/** The plan of a policy whose `spec` says only which rules, in which modes. */
export const planOf = (rules: readonly object[], from: readonly AnyRule[] = registry): Plan =>
  planPolicy(policyOf({ rules }, from), from);

/** That of the policy that runs when no file is given. */
export const defaultPlan: Plan = planOf(parse(defaultPolicy).spec.rules);

type FaceOptions = Partial<Pick<AppDependencies, 'admit' | 'maxBodyBytes' | 'onOversize'>> & {
  readonly plan?: Plan;
  readonly load?: LoadLimits;
  readonly level?: Level;
};

/** The HTTPS face put together as `aloft serve` does it, with everything it tells kept for the test. */
export function createFace({
  plan = defaultPlan,
  load = defaultLoadLimits,
  level = 'info',
  ...options
}: FaceOptions = {}) {
  const log: string[] = [];
  const logger = createLogger(level, { write: (line) => void log.push(line) });
  const metrics = createMetrics('0.0.0');
  const rejected: string[] = [];
  const gate = createLoadGate(load);
  gate.stop();
  const app = createListener({
    admit: (request, phase) => admit(request, phase, { plan, today, ownNamespace: 'aloft-system' }),
    answered: createRecorder(logger, metrics),
    rejected: (problem, detail) => {
      metrics.rejected(problem);
      logger.warn({ problem, detail }, 'rejected');
      rejected.push(problem);
    },
    failed: (failedUid, err) =>
      logger.error({ review: { uid: failedUid }, err }, 'fault of aloft, the request was allowed'),
    load: gate,
    onOversize: () => 'allow',
    ...options,
  });
  const lines = (): readonly Record<string, unknown>[] => log.map((line) => JSON.parse(line));
  return { app, log, lines, metrics, rejected };
}

/** The operations that an answer carries. */
export const patchOf = (response: { readonly patch?: unknown }): readonly unknown[] =>
  typeof response.patch === 'string' ? JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8')) : [];

/** The app behind a port, for what an HTTP client would not send. */
export async function listenPlain(app: RequestListener): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends bytes as they are; what comes back until the server closes, or until `enough` of it is there. */
export async function sendRaw(
  port: number,
  parts: readonly (string | Buffer)[],
  enough = /\r\n\r\n[\s\S]*\}$/,
): Promise<string> {
  const socket = await dialPlain(port);
  let answer = '';
  const answered = new Promise<string>((resolve, reject) => {
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (enough.test(answer)) resolve(answer);
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
  for (const part of parts) {
    if (!socket.writable) break;
    if (!socket.write(part)) await pause(1);
  }
  await answered;
  socket.destroy();
  return answer;
}

export function dialPlain(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Waits until something holds; fails with what it was instead. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 5000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > until) throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms`);
    await pause(10);
  }
}
