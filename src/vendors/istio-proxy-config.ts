import { isRecord, type Json } from '../model/json.js';
import { isUnsigned, parseGoDuration } from './go-values.js';
import { addressSize } from './ip-range.js';
import { shortened } from './quoted-value.js';
import { readYaml, type YamlText } from './yaml-text.js';

/**
 * What Istio would refuse of the annotation `proxy.istio.io/config`, and what to write (istio/api
 * mesh/v1alpha1/proxy.proto; istio/istio pkg/config/validation/agent ValidateMeshConfigProxyConfig). Fields that are
 * not in the table are left to Istio, which ignores those that it does not know.
 */
export const proxyConfigFault = (text: string): string | undefined =>
  text.length > longestProxyConfig ? undefined : faultOfProxyConfig(readYaml(text));

/** The same of a text that has been read already. */
export function faultOfProxyConfig(parsed: YamlText | undefined): string | undefined {
  if (parsed === undefined) return 'is no YAML: mind indentation, colons and quotes';
  // An empty text sets nothing.
  return parsed.value == null ? undefined : messageFault(proxyConfig)(parsed.value, '');
}

/** In characters; YAML can be made to take seconds, and what is longer than this was not written by hand. */
export const longestProxyConfig = 16_384;

type Check = (value: unknown, path: string) => string | undefined;
type Fields = { readonly [name: string]: Check };

/** A value of a field; `null` is one that is not set. */
const field =
  (holds: (value: unknown) => boolean, expected: string): Check =>
  (value, path) =>
    holds(value) ? undefined : `${shortened(path)} is ${describe(value)}: write ${expected}`;

const isText = (value: unknown): value is string => typeof value === 'string';
const text = field(isText, 'it in quotes');
const filled = field((value) => isText(value) && value !== '', 'a text that is not empty');
const flag = field((value) => typeof value === 'boolean', 'true or false, without quotes');
const integer = field((value) => /^-?\d+$/.test(String(value)) && !Array.isArray(value), 'a whole number');
const number = field(
  (value) => typeof value === 'number' || (isText(value) && value !== '' && !Number.isNaN(Number(value))),
  'a number',
);
const portNumber = field((value) => isUnsigned(String(value), 65_535) && Number(value) > 0, 'a port from 1 to 65535');
const duration = field((value) => isText(value) && parseGoDuration(value) !== undefined, 'a duration such as 30s');
const wholeSeconds = field((value) => {
  const milliseconds = isText(value) ? parseGoDuration(value) : undefined;
  return milliseconds !== undefined && milliseconds > 0 && milliseconds % 1000 === 0;
}, 'a duration of whole seconds, such as 30s');

const oneOf = (...names: readonly string[]): Check =>
  field((value) => typeof value === 'number' || names.includes(String(value)), names.join(' or '));

/** A name or IP address with a port; the agent puts the node's address in for `$(HOST_IP)`. */
const address = field((value) => {
  const [, bracketed, plain, port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(isText(value) ? value.replace('$(HOST_IP)', '127.0.0.1') : '') ?? [];
  const isHost = bracketed === undefined ? isHostName(plain ?? '') : addressSize(bracketed) === 128;
  return isHost && isUnsigned(port, 65_535) && Number(port) > 0;
}, 'host:port');
const isHostName = (name: string): boolean =>
  /^([a-z\d]([-a-z\d]*[a-z\d])?)(\.[a-z\d]([-a-z\d]*[a-z\d])?)*\.?$/i.test(name) && name.length <= 255;

const list: Check = field(Array.isArray, 'a list');
const object: Check = field(isRecord, 'an object');
const textMap: Check = (value, path) =>
  object(value, path) ?? firstFault(value as Json, (own, name) => text(own, `${path}.${name}`));

/** An object whose fields are checked by their names, in either of the two spellings that protobuf takes. */
const messageFault =
  (fields: Fields): Check =>
  (value, path) =>
    object(value, path === '' ? 'it' : path) ??
    firstFault(value as Json, (own, name) => {
      const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const check = Object.hasOwn(fields, camel) ? fields[camel] : undefined;
      return own === null ? undefined : check?.(own, path === '' ? name : `${path}.${name}`);
    });

function firstFault(value: Json, check: Check): string | undefined {
  for (const [name, own] of Object.entries(value)) {
    const fault = check(own, name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What stands there, without quoting it: it may be a token. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'an object';
}

const remote = messageFault({ address, tlsSettings: object, tcpKeepalive: object });

const proxyConfig: Fields = {
  configPath: filled,
  binaryPath: filled,
  serviceCluster: filled,
  tracingServiceName: oneOf('APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE'),
  drainDuration: wholeSeconds,
  terminationDrainDuration: duration,
  discoveryAddress: address,
  statsdUdpAddress: address,
  proxyAdminPort: portNumber,
  statusPort: portNumber,
  controlPlaneAuthPolicy: oneOf('NONE', 'MUTUAL_TLS'),
  customConfigFile: text,
  statNameLength: integer,
  concurrency: integer,
  proxyBootstrapTemplatePath: text,
  interceptionMode: oneOf('REDIRECT', 'TPROXY', 'NONE'),
  tracing: messageFault({
    zipkin: messageFault({ address }),
    datadog: messageFault({ address }),
    lightstep: messageFault({ address, accessToken: filled }),
    customTags: object,
    maxPathTagLength: integer,
    sampling: number,
    tlsSettings: object,
  }),
  envoyAccessLogService: remote,
  envoyMetricsService: remote,
  proxyMetadata: textMap,
  runtimeValues: textMap,
  extraStatTags: list,
  gatewayTopology: messageFault({ numTrustedProxies: integer }),
  meshId: text,
  readinessProbe: object,
  proxyStatsMatcher: messageFault({ inclusionPrefixes: list, inclusionSuffixes: list, inclusionRegexps: list }),
  holdApplicationUntilProxyStarts: flag,
  caCertificatesPem: list,
  image: messageFault({ imageType: text }),
  privateKeyProvider: object,
};
