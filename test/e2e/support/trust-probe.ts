import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { type Access, createApi } from './api.js';
import { paths } from './objects.js';

export type ProbeOptions = {
  readonly apiServers: readonly Access[];
  readonly configuration: string;
  readonly serverName: string;
  /** Asked anew each time, because replicas come and go. */
  readonly ports: () => readonly number[];
};

export type Probed = { readonly handshakes: number; readonly failed: readonly string[] };

/** What API servers see whenever they dial; they themselves seldom do, because they keep their connections. */
export type Probe = { readonly stop: () => Promise<Probed> };

/**
 * Dials each server again and again, trusting what the `caBundle` of the moment says and nothing else. A handshake that
 * fails would have been a failed admission.
 */
export function probeTrust({ apiServers, configuration, serverName, ports }: ProbeOptions): Probe {
  const failed: string[] = [];
  let handshakes = 0;
  let stopping = false;
  const probe = async (access: Access): Promise<void> => {
    const api = createApi(access);
    while (!stopping) {
      const { webhooks } = await api.read(paths.configuration(configuration));
      const bundles = new Set<string>(webhooks.map(({ clientConfig }: Webhook) => clientConfig.caBundle ?? ''));
      for (const bundle of bundles) {
        const ca = Buffer.from(bundle, 'base64').toString();
        for (const port of ports()) {
          handshakes++;
          const problem = await shakeHands(port, ca, serverName);
          if (problem !== undefined) failed.push(`port ${port}: ${problem}`);
        }
      }
      await pause(5);
    }
    api.close();
  };
  const running = apiServers.map(probe);
  return {
    stop: async () => {
      stopping = true;
      await Promise.all(running);
      return { handshakes, failed };
    },
  };
}

type Webhook = { readonly clientConfig: { readonly caBundle?: string } };

/** Why a handshake failed, if it did. */
const shakeHands = (port: number, ca: string, servername: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
      resolve(undefined);
      socket.destroy();
    });
    socket.on('error', ({ message }) => resolve(message));
  });
