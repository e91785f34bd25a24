import { describe, expect, test } from '@jest/globals';
import type { Service, ServicePort, StringMap } from '../../src/model/kubernetes.js';
import { isRevisionTag, recogniseControlPlaneService } from '../../src/vendors/control-plane.js';

/** A Service whose ports are written as `name:port>targetPort/protocol`. */
function service(labels: StringMap, selector: StringMap, ports: string): Service {
  return {
    metadata: { name: 'any', labels },
    spec: { selector, ports: ports.split(' ').filter(Boolean).map(parsePort) },
  };
}

function parsePort(text: string): ServicePort {
  const [, name = '', port = '', target, protocol] = /^([^:]*):(\d+)(?:>([^/]+))?(?:\/(\w+))?$/.exec(text) ?? [];
  return {
    port: Number(port),
    ...(name ? { name } : {}),
    ...(target ? { targetPort: /^\d+$/.test(target) ? Number(target) : target } : {}),
    ...(protocol ? { protocol } : {}),
  };
}

const said = (given: Service): string | undefined => {
  const found = recogniseControlPlaneService(given);
  if (found === undefined) return undefined;
  return [found.component, found.generation, ...found.endpoints.map(({ key, port }) => `${key}=${port}`)].join(' ');
};

const istiodPorts = 'grpc-xds:15010 https-dns:15012 https-webhook:443>15017 http-monitoring:15014';
const typed = (type: string) => ({ istio: 'mixer', 'istio-mixer-type': type });

describe('Services of the control plane', () => {
  test.each<[string, Service, string]>([
    [
      '0.2 mixer',
      service(
        { istio: 'mixer' },
        { istio: 'mixer' },
        'tcp:9091 http-health:9093 configapi:9094 statsd-prom:9102 statsd-udp:9125/UDP prometheus:42422',
      ),
      'mixer legacy istio_mesh_endpoint=42422 mixer_endpoint=9093',
    ],
    [
      '0.2 pilot, without metrics',
      service({ istio: 'pilot' }, { istio: 'pilot' }, 'http-discovery:8080 http-admission-webhook:443'),
      'pilot legacy',
    ],
    [
      '0.5 mixer',
      service(
        { istio: 'mixer' },
        { istio: 'mixer' },
        'tcp:9091 tcp-mtls:15004 http-monitoring:9093 statsd-prom:9102 prometheus:42422',
      ),
      'mixer legacy istio_mesh_endpoint=42422 mixer_endpoint=9093',
    ],
    [
      '0.5 pilot',
      service(
        { istio: 'pilot' },
        { istio: 'pilot' },
        'https-discovery:15003 http-discovery:8080 http-monitoring:9093 :443',
      ),
      'pilot legacy pilot_endpoint=9093',
    ],
    [
      '0.8 galley, without metrics',
      service({ istio: 'galley' }, { istio: 'galley' }, 'https-validation:443'),
      'galley legacy',
    ],
    [
      '1.0 telemetry',
      service({ istio: 'mixer' }, typed('telemetry'), 'grpc-mixer:9091 http-monitoring:9093 prometheus:42422'),
      'telemetry legacy istio_mesh_endpoint=42422 mixer_endpoint=9093',
    ],
    [
      '1.0 policy',
      service({ istio: 'mixer' }, typed('policy'), 'grpc-mixer:9091 http-monitoring:9093'),
      'policy legacy mixer_endpoint=9093',
    ],
    [
      '1.0 pilot',
      service(
        { app: 'istio-pilot' },
        { istio: 'pilot' },
        'grpc-xds:15010 https-xds:15011 http-legacy:8080 http-monitoring:9093',
      ),
      'pilot legacy pilot_endpoint=9093',
    ],
    [
      '1.0 galley',
      service({ istio: 'galley' }, { istio: 'galley' }, 'https-validation:443 http-monitoring:9093'),
      'galley legacy galley_endpoint=9093',
    ],
    [
      '1.0 citadel',
      service({ app: 'istio-citadel' }, { istio: 'citadel' }, 'grpc-citadel:8060>8060 http-monitoring:9093'),
      'citadel legacy citadel_endpoint=9093',
    ],
    [
      '1.4 telemetry',
      service(
        { app: 'mixer', istio: 'mixer' },
        typed('telemetry'),
        'grpc-mixer:9091 grpc-mixer-mtls:15004 http-monitoring:15014 prometheus:42422',
      ),
      'telemetry legacy istio_mesh_endpoint=42422 mixer_endpoint=15014',
    ],
    [
      '1.4 policy',
      service({ app: 'mixer', istio: 'mixer' }, typed('policy'), 'grpc-mixer:9091 http-policy-monitoring:15014'),
      'policy legacy mixer_endpoint=15014',
    ],
    [
      '1.4 pilot',
      service(
        { app: 'pilot', istio: 'pilot' },
        { istio: 'pilot' },
        'grpc-xds:15010 https-xds:15011 http-legacy-discovery:8080 http-monitoring:15014',
      ),
      'pilot legacy pilot_endpoint=15014',
    ],
    [
      '1.4 galley',
      service(
        { app: 'galley', istio: 'galley' },
        { istio: 'galley' },
        'https-validation:443 http-monitoring:15014 grpc-mcp:9901',
      ),
      'galley legacy galley_endpoint=15014',
    ],
    [
      '1.5 citadel',
      service(
        { app: 'security', istio: 'citadel' },
        { app: 'citadel' },
        'grpc-citadel:8060>8060 http-monitoring:15014',
      ),
      'citadel legacy citadel_endpoint=15014',
    ],
    [
      '1.5 istio-pilot, which is istiod',
      service(
        { app: 'pilot', istio: 'pilot' },
        { istio: 'pilot' },
        'grpc-xds:15010 https-xds:15011 https-dns:15012 http-legacy-discovery:8080 http-monitoring:15014 https-webhook:443>15017',
      ),
      'istiod istiod istiod_endpoint=15014',
    ],
    [
      '1.5 istiod, without metrics',
      service({ app: 'istiod' }, { app: 'istiod', istio: 'pilot' }, 'https-dns:15012 https-webhook:443>15017'),
      'istiod istiod',
    ],
    [
      'istiod',
      service({ app: 'istiod', istio: 'pilot' }, { app: 'istiod', istio: 'pilot' }, istiodPorts),
      'istiod istiod istiod_endpoint=15014',
    ],
    [
      'istiod of a revision',
      service({ istio: 'pilot' }, { app: 'istiod', 'istio.io/rev': 'canary' }, istiodPorts),
      'istiod istiod istiod_endpoint=15014',
    ],
    ['istiod by its ports', service({}, { team: 'platform' }, istiodPorts), 'istiod istiod istiod_endpoint=15014'],
    [
      'istiod by its ports and selector',
      service({}, { istio: 'istiod' }, istiodPorts),
      'istiod istiod istiod_endpoint=15014',
    ],
    [
      'istiod by two of its ports',
      service({}, { team: 'platform' }, 'a:15012 b:15014'),
      'istiod istiod istiod_endpoint=15014',
    ],
    ['remote istiod', service({}, {}, 'tcp-istiod:15012 tcp-webhook:443>15017'), 'istiod istiod'],
    ['remote pilot', service({ istio: 'pilot' }, {}, 'https-dns:15012'), 'istiod istiod'],
  ])('%s', (_, given, expected) => {
    expect(said(given)).toBe(expected);
  });

  test.each<[string, Service]>([
    [
      'sidecar injector',
      service(
        { app: 'sidecarInjectorWebhook', istio: 'sidecar-injector' },
        { istio: 'sidecar-injector' },
        'https-inject:443 http-monitoring:15014',
      ),
    ],
    [
      'ingress gateway',
      service(
        { app: 'istio-ingressgateway', istio: 'ingressgateway' },
        { istio: 'ingressgateway' },
        'status-port:15020 http2:80 prometheus:15030',
      ),
    ],
    [
      'east-west gateway',
      service(
        { istio: 'eastwestgateway' },
        { istio: 'eastwestgateway' },
        'tls:15443 tls-istiod:15012 tls-webhook:15017',
      ),
    ],
    ['ingress of 0.2', service({ istio: 'ingress' }, { istio: 'ingress' }, 'http:80 https:443')],
    ['CoreDNS', service({ app: 'istiocoredns' }, { app: 'istiocoredns' }, 'dns:53/UDP dns-tcp:53')],
    ['Prometheus', service({ app: 'prometheus' }, { app: 'prometheus' }, 'http-prometheus:9090')],
    ["another product's port", service({ app: 'shop' }, { app: 'shop' }, 'http-monitoring:15014 grpc:15012/UDP')],
    ['application', service({ app: 'shop', istio: 'enabled' }, { app: 'shop' }, 'http:80>8080 prometheus:42422')],
    ['Service with nothing but a name', { metadata: { name: 'istiod' } }],
  ])('are not: %s', (_, given) => {
    expect(said(given)).toBeUndefined();
  });
});

describe('the port of a metrics endpoint', () => {
  const istiod = (ports: string) => said(service({ app: 'istiod' }, { app: 'istiod' }, ports));
  test.each([
    ['is the number of its target', 'http-monitoring:80>15014', 'istiod istiod istiod_endpoint=15014'],
    ['is the well-known one before a name', 'http-monitoring:8080 other:15014', 'istiod istiod istiod_endpoint=15014'],
    ['is where the well-known one leads', 'metrics:15014>8080', 'istiod istiod istiod_endpoint=8080'],
    ['is found by name', 'http-monitoring:18014', 'istiod istiod istiod_endpoint=18014'],
    [
      'is that of the Service where the target has a name',
      'http-monitoring:15014>metrics',
      'istiod istiod istiod_endpoint=15014',
    ],
    [
      'is that of the Service where the target is zero',
      'http-monitoring:15014>0',
      'istiod istiod istiod_endpoint=15014',
    ],
    ['is never one for datagrams', 'http-monitoring:15014/UDP', 'istiod istiod'],
    ['is none of ports without a name', ':443 :8080', 'istiod istiod'],
    ['is none without ports', '', 'istiod istiod'],
  ])('%s', (_, ports, expected) => {
    expect(istiod(ports)).toBe(expected);
  });

  test('is 15014 before 9093, whatever their order', () => {
    const given = service({}, typed('telemetry'), 'a:9093 b:15014');
    expect(said(given)).toBe('telemetry legacy mixer_endpoint=15014');
  });
});

test('an alias of a revision carries its tag', () => {
  expect(isRevisionTag(service({ app: 'istiod', 'istio.io/tag': 'prod' }, { app: 'istiod' }, istiodPorts))).toBe(true);
  expect(isRevisionTag(service({ app: 'istiod', 'istio.io/rev': 'canary' }, { app: 'istiod' }, istiodPorts))).toBe(
    false,
  );
});
