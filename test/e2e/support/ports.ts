import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Ports that nobody listens on just now, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, open));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const open = () => {
  const server = createServer();
  return new Promise<typeof server>((resolve) => {
    server.listen(0, () => resolve(server));
  });
};

/** An address of this machine that Endpoints may hold: the API server refuses loopback ones. */
export function hostAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'));
  if (found === undefined) throw new Error('this machine has no IPv4 address but the loopback: Endpoints need one');
  return found.address;
}
