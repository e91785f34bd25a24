import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issuePair } from '../../../src/certificates/issue.js';
import { type Access, createApi } from './api.js';
import type { Assets } from './assets.js';
import { writeKubeconfig } from './kubeconfig.js';
import { until } from './poll.js';
import { freePorts } from './ports.js';
import { type Running, startProcess, tailOf } from './processes.js';
import type { RunFolder } from './run-folder.js';

/** One of the API servers, which share one etcd. */
export type ApiServer = {
  readonly access: Access;
  /** For the administrator. */
  readonly kubeconfig: string;
  readonly ready: Promise<void>;
  /** As if it had crashed: it is killed, and started again. */
  readonly restart: () => Promise<void>;
};

export type ControlPlane = {
  /** As `kube-apiserver --version` says it. */
  readonly version: string;
  /** The y of Kubernetes 1.y. */
  readonly minor: number;
  readonly apiServers: readonly [ApiServer, ApiServer];
  readonly startedInMs: number;
};

/**
 * etcd, two API servers and the controllers that make Pods of workloads. There is no kubelet: Pods stay pending. There
 * are no endpoint controllers either, so that Endpoints written by hand stay as they are, though the Service that
 * `manifests/` bring selects the Pods of the Deployment; the API servers go where Endpoints point, because there is no
 * kube-proxy to make cluster IPs work.
 */
export async function startControlPlane(folder: RunFolder, assets: Assets): Promise<ControlPlane> {
  const started = performance.now();
  const [etcdPort = 0, first = 0, second = 0] = await freePorts(3);
  const files = await writeFiles(folder);
  const version = execFileSync(assets['kube-apiserver'], ['--version'], { encoding: 'utf8' }).trim();
  const minor = Number(/v1\.(\d+)/.exec(version)?.[1]);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const etcdProcess = startProcess(folder, {
    name: 'etcd',
    program: assets.etcd,
    args: [
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      '--listen-peer-urls=http://localhost:0',
      `--data-dir=${join(folder.path, 'etcd')}`,
    ],
  });
  await alive(etcdProcess, async () => (await fetch(`${etcd}/health`)).ok);

  const startApiServer = (port: number): ApiServer => {
    const args = apiServerArgs(port, etcd, files);
    const access = { port, ca: files.ca, token: files.token, minor };
    const api = createApi(access);
    const run = async (): Promise<Running> => {
      const running = startProcess(folder, { name: `kube-apiserver-${port}`, program: assets['kube-apiserver'], args });
      await alive(running, async () => (await api.call('/readyz')).status === 200);
      return running;
    };
    let current = run();
    return {
      access,
      kubeconfig: writeKubeconfig(join(folder.path, `admin-${port}.kubeconfig`), access),
      ready: current.then(() => undefined),
      restart: async () => {
        await (await current).end('SIGKILL');
        current = run();
        await current;
      },
    };
  };
  const one = startApiServer(first);
  await one.ready;
  const startedInMs = performance.now() - started;
  const two = startApiServer(second);
  startProcess(folder, {
    name: 'kube-controller-manager',
    program: assets['kube-controller-manager'],
    args: controllerArgs(one.kubeconfig, files, minor),
  });
  await two.ready;
  return { version, minor, apiServers: [one, two], startedInMs };
}

/** Waits until a process answers; says what it logged if it ends before. */
export const alive = (running: Running, answers: () => Promise<boolean>): Promise<unknown> =>
  until(`${running.name} answers`, async () => !running.isRunning() || (await answers()), { seconds: 180 }).then(() => {
    if (!running.isRunning()) throw new Error(`ended: ${tailOf(running)}`);
  });

type Files = Awaited<ReturnType<typeof writeFiles>>;

async function writeFiles({ path }: RunFolder) {
  const { ca, cert, key } = await issuePair({
    names: ['localhost', 'kubernetes.default.svc'],
    ips: ['127.0.0.1'],
    lifetimeDays: 1,
    now: new Date(),
    subject: 'e2e API server',
  });
  const signer = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  const token = randomBytes(16).toString('hex');
  const write = (name: string, text: string): string => {
    writeFileSync(join(path, name), text, { mode: 0o600 });
    return join(path, name);
  };
  return {
    ca,
    token,
    folder: path,
    caFile: write('api.ca.crt', ca),
    certFile: write('api.crt', cert),
    keyFile: write('api.key', key),
    signerFile: write('sa.key', signer.privateKey),
    verifierFile: write('sa.pub', signer.publicKey),
    tokensFile: write('tokens.csv', `${token},admin,admin,"system:masters"\n`),
  };
}

const apiServerArgs = (port: number, etcd: string, files: Files): readonly string[] => [
  `--etcd-servers=${etcd}`,
  `--cert-dir=${files.folder}`,
  `--tls-cert-file=${files.certFile}`,
  `--tls-private-key-file=${files.keyFile}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${port}`,
  '--service-cluster-ip-range=10.0.0.0/24',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${files.verifierFile}`,
  `--service-account-signing-key-file=${files.signerFile}`,
  `--token-auth-file=${files.tokensFile}`,
  '--authorization-mode=RBAC',
  '--allow-privileged=true',
  '--enable-aggregator-routing=true',
  // Both would claim the address of the Service `kubernetes`, which nobody here calls.
  '--endpoint-reconciler-type=none',
];

const controllerArgs = (kubeconfig: string, files: Files, minor: number): readonly string[] => [
  `--kubeconfig=${kubeconfig}`,
  '--controllers=deployment,replicaset,daemonset,job,namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher',
  `--service-account-private-key-file=${files.signerFile}`,
  `--root-ca-file=${files.caFile}`,
  '--leader-elect=false',
  '--secure-port=0',
  // Versions before 1.24 have this port too, and listen on it unless they are told not to.
  ...(minor < 24 ? ['--port=0'] : []),
  '--kube-api-qps=200',
  '--kube-api-burst=400',
];
