import type { Endpoint, Protocol } from '../vendors/endpoint.js';
import { kindOf, parseHost } from './host.js';

/** An endpoint that was written by hand, or what is wrong with it: where, what was expected, what came. */
export type ParsedEndpoint = { readonly endpoint: Endpoint } | { readonly problem: string };

const schemes: Readonly<Record<string, { readonly protocol: Protocol; readonly port?: number }>> = {
  https: { protocol: 'TLS', port: 443 },
  tls: { protocol: 'TLS', port: 443 },
  http: { protocol: 'HTTP', port: 80 },
  tcp: { protocol: 'TCP' },
};

/**
 * An endpoint as people write it: `host`, `host:port`, `[IPv6]:port` or a URL, whose path does not matter. Without a
 * scheme it is TLS. Parsed by hand, because `URL` makes addresses of what is none: `http://1.2` is 1.0.0.2 to it.
 */
export function parseEndpoint(text: string, purpose: string): ParsedEndpoint {
  // What looks like a password must not appear in a message.
  if (/^[^/?#]*\/\/[^/?#]*@|^[^/?#]*@/.test(text)) return { problem: 'expected an endpoint without user or password' };
  const problem = (message: string): ParsedEndpoint => ({ problem: `"${text}": ${message}` });
  const { scheme, written, digits, path } = split(text);
  if (written === '') return problem(formFault(text));
  const known = schemes[scheme.toLowerCase()];
  if (known === undefined) return problem(`expected https://, http://, tls:// or tcp://, got "${scheme}://"`);
  const parsed = parseHost(written.startsWith('[') ? written.slice(1, -1) : written);
  if ('problem' in parsed) return problem(parsed.problem);
  const { host } = parsed;
  const isAddress = kindOf(host) === 'address';
  if (isAddress && /^\/\d+$/.test(path)) return problem('expected one address, not a block');
  if (known.protocol === 'TCP' && !isAddress) {
    return problem('expected an IP address after tcp://: without TLS or HTTP a proxy cannot tell names apart');
  }
  const port = digits === undefined ? known.port : parsePort(digits);
  if (port === undefined)
    return problem(`expected a port from 1 to 65535, got ${digits === undefined ? 'none' : `"${digits}"`}`);
  // No client sends a server name for an address, so that only the address tells.
  return { endpoint: { host, port, protocol: isAddress ? 'TCP' : known.protocol, purpose } };
}

/** The parts of an endpoint; no host where the text has not the form of one. */
function split(text: string) {
  const [, scheme = 'tls', written = '', digits, path = ''] =
    /^(?:([^:/]*):\/\/)?(\[[^\]]*\]|[^:/?#[\]]*)(?::([^:/?#]*))?([/?#].*)?$/.exec(text) ?? [];
  return { scheme, written, digits, path };
}

const formFault = (text: string): string =>
  (text.match(/:/g) ?? []).length > 1 && !text.includes('/')
    ? 'expected an IPv6 address in brackets: "[2001:db8::1]:443"'
    : 'expected host, host:port or https://host:port';

const parsePort = (digits: string): number | undefined =>
  /^[1-9]\d{0,4}$/.test(digits) && Number(digits) <= 65_535 ? Number(digits) : undefined;
