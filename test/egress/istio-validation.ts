/**
 * What Istio refuses and warns of, written from its own validators and not from our code: `ValidateServiceEntry`,
 * `ValidateVirtualService`, `validateExportTo` (istio/istio pkg/config/validation) and the rules of the CRD
 * (istio/api networking/v1alpha3/service_entry.proto). A sentence for each fault, empty for what Istio takes.
 */
export type Candidate = {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Spec;
};

type Spec = {
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly ports?: readonly Port[];
  readonly resolution?: string;
  readonly location?: string;
  readonly endpoints?: readonly { readonly address: string }[];
  readonly tls?: readonly TlsRoute[];
  readonly http?: readonly HttpRoute[];
};
type Port = { readonly number: number; readonly name: string; readonly protocol?: string };
type Route = { readonly destination: { readonly host: string; readonly port?: { readonly number: number } } };
type TlsRoute = {
  readonly match: readonly { readonly port?: number; readonly sniHosts: readonly string[] }[];
  readonly route: readonly Route[];
};
type HttpRoute = { readonly match?: readonly { readonly port?: number }[]; readonly route: readonly Route[] };

export function istioFaults(object: Candidate): readonly string[] {
  const { metadata, spec } = object;
  return [
    ...exportToFaults(spec.exportTo ?? [], metadata.namespace),
    ...(object.kind === 'VirtualService' ? virtualServiceFaults(spec) : serviceEntryFaults(spec)),
  ];
}

function serviceEntryFaults(spec: Spec): readonly string[] {
  const { hosts = [], addresses = [], ports = [], endpoints = [], resolution = 'NONE' } = spec;
  return [
    ...(hosts.length < 1 || hosts.length > 256 ? ['hosts: 1 to 256'] : []),
    ...hosts.flatMap((host) => (host === '*' ? ['hosts: * alone'] : domainFaults(host, 'wildcard'))),
    ...(addresses.length > 256 || addresses.some((address) => address.length > 64)
      ? ['addresses: too many or long']
      : []),
    ...addresses.filter((address) => !isSubnet(address)).map((address) => `addresses: ${address} is none`),
    ...(addresses.some((address) => address.includes('/')) && !['NONE', 'STATIC'].includes(resolution)
      ? ['addresses: CIDR only with NONE or STATIC']
      : []),
    ...portFaults(ports, addresses),
    ...(spec.location !== undefined && !['MESH_EXTERNAL', 'MESH_INTERNAL'].includes(spec.location) ? ['location'] : []),
    ...resolutionFaults({ hosts, addresses, ports, endpoints, resolution }),
  ];
}

type Resolved = Required<Pick<Spec, 'hosts' | 'addresses' | 'ports' | 'endpoints' | 'resolution'>>;

function resolutionFaults(spec: Resolved): readonly string[] {
  const { hosts, addresses, ports, endpoints, resolution } = spec;
  const several =
    resolution !== 'NONE' && hosts.length > 1 && ports.some(({ protocol }) => !isHttp(protocol) && !isTls(protocol))
      ? ['hosts: several with a port that is neither HTTP nor TLS']
      : [];
  switch (resolution) {
    case 'NONE':
      return noneFaults(spec);
    case 'STATIC':
      return several;
    case 'DNS':
      return endpoints.length > 0
        ? several
        : [...several, ...hosts.flatMap((host) => domainFaults(host, 'full').map((fault) => `DNS: ${fault}`))];
    case 'DYNAMIC_DNS':
      return [
        ...(hosts.every((host) => host.startsWith('*.')) ? [] : ['DYNAMIC_DNS: wildcards only']),
        ...(addresses.length + endpoints.length > 0 ? ['DYNAMIC_DNS: no addresses, no endpoints'] : []),
        ...(ports.every(({ protocol = '' }) => ['HTTP', 'TLS', 'GRPC', 'HTTP2'].includes(protocol))
          ? []
          : ['DYNAMIC_DNS: HTTP, TLS, GRPC, HTTP2 only']),
      ];
    default:
      return [`resolution: ${resolution}`];
  }
}

const noneFaults = ({ endpoints, addresses, ports }: Resolved): readonly string[] => [
  ...(endpoints.length > 0 ? ['endpoints: none with NONE'] : []),
  ...(addresses.length === 0 && ports.some(({ protocol = '' }) => ['', 'TCP'].includes(protocol))
    ? ['ports: TCP with NONE and without addresses lets everybody out']
    : []),
];

function portFaults(ports: readonly Port[], addresses: readonly string[]): readonly string[] {
  const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
  return [
    ...(ports.length > 256 ? ['ports: at most 256'] : []),
    ...(unique(ports.map(({ number }) => number)) ? [] : ['ports: a number twice']),
    ...(unique(ports.map(({ name }) => name)) ? [] : ['ports: a name twice']),
    ...ports.flatMap(({ number, name, protocol = '' }) => [
      ...(Number.isInteger(number) && number >= 1 && number <= 65_535 ? [] : [`ports: number ${number}`]),
      ...(isLabel(name) ? [] : [`ports: name ${name}`]),
      ...(['', 'TCP', 'MONGO', 'REDIS', 'MYSQL'].includes(protocol) || isHttp(protocol) || isTls(protocol)
        ? []
        : [`ports: protocol ${protocol}`]),
      ...(addresses.length === 0 && ['', 'TCP'].includes(protocol) ? ['warning: TCP needs addresses before 1.25'] : []),
    ]),
  ];
}

function virtualServiceFaults({ hosts = [], tls = [], http = [] }: Spec): readonly string[] {
  const shadowed = hosts.flatMap((host, index) => hosts.slice(index + 1).filter((other) => matches(host, other)));
  const numbers = [...tls, ...http].flatMap(({ match = [] }) => match.map(({ port = 1 }) => port));
  return [
    ...(hosts.length === 0 ? ['hosts: at least one'] : []),
    ...hosts.flatMap((host) => domainFaults(host, 'wildcard')),
    ...shadowed.map((host) => `duplicate hosts: ${host}`),
    ...(tls.length + http.length === 0 ? ['http, tcp or tls must be provided'] : []),
    ...(tls.some(({ match }) => match.length === 0) ? ['tls: at least one match'] : []),
    ...(tls.some(({ match }) => match.some(({ sniHosts }) => sniHosts.length === 0))
      ? ['tls: at least one SNI host']
      : []),
    ...tls
      .flatMap(({ match }) => match.flatMap(({ sniHosts }) => sniHosts))
      .filter((sni) => !hosts.some((host) => host === sni || (host.startsWith('*') && sni.endsWith(host.slice(1)))))
      .map((sni) => `tls: SNI host ${sni} is not of the hosts`),
    ...([...tls, ...http].some(({ route }) => route.length === 0) ? ['a route needs a destination'] : []),
    ...(numbers.some((port) => port < 1 || port > 65_535) ? ['match: port'] : []),
  ];
}

function exportToFaults(exportTo: readonly string[], namespace: string): readonly string[] {
  const places = exportTo.map((where) => (where === '.' ? namespace : where));
  return [
    ...(new Set(places).size === places.length ? [] : ['exportTo: twice']),
    ...places.filter((place) => place !== '*' && place !== '~' && !isLabel(place)).map((place) => `exportTo: ${place}`),
    ...(places.length > 1 && (places.includes('*') || places.includes('~')) ? ['exportTo: * and ~ are alone'] : []),
  ];
}

function domainFaults(domain: string, kind: 'full' | 'wildcard'): readonly string[] {
  if (domain === '' || domain.length > 255) return [`domain ${domain}: 1 to 255 characters`];
  const labels = domain.split('.');
  const checked = kind === 'wildcard' && labels[0] === '*' ? labels.slice(1) : labels;
  return [
    ...(/^\d+$/.test(labels.at(-1) ?? '') ? [`domain ${domain}: ends in a number`] : []),
    ...(checked.every((label, index) => isLabel(label) || (label === '' && index === checked.length - 1))
      ? []
      : [`domain ${domain}: a label is wrong`]),
  ];
}

/** Istio's `Hostname.Matches`: either covers the other. */
const matches = (one: string, other: string): boolean =>
  one === other ||
  (one.startsWith('*') && other.replace(/^\*/, '').endsWith(one.slice(1))) ||
  (other.startsWith('*') && one.replace(/^\*/, '').endsWith(other.slice(1)));

/** Upper case is taken, dots are not (pkg/config/labels/instance.go). */
const isLabel = (text: string): boolean => /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(text);
const isHttp = (protocol = ''): boolean => ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol);
const isTls = (protocol = ''): boolean => ['TLS', 'HTTPS'].includes(protocol);

function isSubnet(text: string): boolean {
  const [address = '', length] = text.split('/');
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
  return bits > 0 && (length === undefined || (/^\d+$/.test(length) && Number(length) <= bits));
}

const isIpv4 = (text: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((octet) => Number(octet) < 256 && !/^0\d/.test(octet));
const isIpv6 = (text: string): boolean => text.includes(':') && URL.canParse(`http://[${text}]/`);
