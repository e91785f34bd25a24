/**
 * How a proxy tells connections apart: TLS by the server name that the client sends, HTTP by its host header, TCP by
 * the address alone.
 */
export type Protocol = 'TLS' | 'HTTP' | 'TCP';

/** A place to which agents or tracers send. */
export type Endpoint = {
  /** A name; `*.` and a name, for any name below it; or an IP address without brackets. Lower case, no dot at the end. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** What is sent there, as a fragment of a sentence: `logs`. */
  readonly purpose: string;
};

/** A TLS endpoint; nearly all of them are. */
export const tls = (host: string, port: number, purpose: string): Endpoint => ({
  host,
  port,
  protocol: 'TLS',
  purpose,
});
