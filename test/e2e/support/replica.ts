import { connect } from 'node:tls';
import { mainFile } from './aloft.js';
import { until } from './poll.js';
import { freePorts } from './ports.js';
import { type Ended, type Running, startProcess, tailOf } from './processes.js';
import type { RunFolder } from './run-folder.js';

/** A process of `aloft serve`. */
export type Replica = {
  readonly port: number;
  readonly running: Running;
  readonly isReady: () => Promise<boolean>;
  readonly untilReady: () => Promise<void>;
  /** The value of a metric, named with its labels as Prometheus reads it. */
  readonly metric: (name: string) => Promise<number | undefined>;
  /** Which certificate a new connection sees. */
  readonly fingerprint: () => Promise<string>;
  /** The lines of its log, as far as they are JSON. */
  readonly lines: () => readonly Record<string, unknown>[];
  readonly end: (signal?: NodeJS.Signals) => Promise<Ended>;
};

export type ReplicaOptions = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

export async function startReplica(folder: RunFolder, { name, args, env = {} }: ReplicaOptions): Promise<Replica> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const running = startProcess(folder, {
    name,
    program: process.execPath,
    args: [mainFile, 'serve', ...args, '--port', String(port), '--metrics-port', String(metricsPort)],
    env,
  });
  const look = (path: string) => fetch(`http://127.0.0.1:${metricsPort}${path}`);
  const isReady = async (): Promise<boolean> => {
    if (!running.isRunning()) throw new Error(`ended: ${tailOf(running)}`);
    return (await look('/readyz')).ok;
  };
  return {
    port,
    running,
    isReady,
    untilReady: async () => {
      await until(`${name} is ready`, isReady, { seconds: 60, everyMs: 20 }).catch((cause) => {
        throw new Error(tailOf(running), { cause });
      });
    },
    metric: async (metric) => {
      const line = (await (await look('/metrics')).text()).split('\n').find((text) => text.startsWith(`${metric} `));
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    },
    fingerprint: () => fingerprintAt(port),
    lines: () => jsonLines(running.log()),
    end: running.end,
  };
}

/** The server listens before it has a certificate, or not yet at all: then this rejects. */
const fingerprintAt = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.end();
    });
    socket.on('error', reject);
  });

const jsonLines = (log: string): readonly Record<string, unknown>[] =>
  log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
