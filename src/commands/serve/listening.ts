import type { Server } from 'node:http';

/** Starts to accept connections; rejects where the system does not let it. */
export function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    // The system may run out of file descriptors while it accepts; those that are open go on.
    server.on('error', () => undefined);
    resolve();
  });
  return promise;
}

/** Why a server cannot listen, and what to do. */
export function describeListenError(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} is in use: stop what listens there, or choose others with --port and --metrics-port`;
  if (code === 'EACCES')
    return `port ${port} is not open to this user: choose one from 1024 on with --port and --metrics-port`;
  return `cannot listen: ${message}`;
}
