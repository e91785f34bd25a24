import { describe, expect, test } from '@jest/globals';
import type { Container, Pod, StringMap } from '../../src/model/kubernetes.js';
import {
  asksForProxy,
  isGateway,
  isInjected,
  isMeshContainer,
  meshContainers,
  recogniseIstioComponent,
} from '../../src/vendors/istio.js';

type Parts = { labels?: StringMap; annotations?: StringMap; init?: readonly string[]; containers?: readonly string[] };

/** A Pod whose containers are written as `name=image`. */
function pod({ labels = {}, annotations = {}, init = [], containers = [] }: Parts): Pod {
  const parse = (text: string): Container => {
    const [name = '', image] = text.split('=');
    return image === undefined ? { name } : { name, image };
  };
  return {
    metadata: { labels, annotations },
    spec: { initContainers: init.map(parse), containers: containers.map(parse) },
  };
}

const said = (given: Pod, namespace: string | undefined = 'shop'): string | undefined => {
  const found = recogniseIstioComponent(given, namespace, 'istio-system');
  return found && `${found.component} ${found.evidence}`;
};

const proxy = 'istio-proxy=docker.io/istio/proxyv2:1.28.0';
const app = 'shop=corp/shop:1';

describe('a part of Istio', () => {
  test.each<[string, Parts, string]>([
    [
      'mixer of 0.2',
      { labels: { istio: 'mixer' }, containers: ['statsd=prom/statsd-exporter', 'mixer=istio/mixer'] },
      'mixer by label istio=mixer',
    ],
    [
      'pilot of 0.2',
      { labels: { istio: 'pilot' }, containers: ['discovery=docker.io/istio/pilot:0.2.12'] },
      'pilot by label istio=pilot',
    ],
    ['CA of 0.2', { labels: { istio: 'istio-ca' } }, 'citadel by label istio=istio-ca'],
    [
      'initializer of 0.x',
      { labels: { istio: 'sidecar-initializer' } },
      'sidecar-injector by label istio=sidecar-initializer',
    ],
    [
      'ingress of 0.2',
      { labels: { istio: 'ingress' }, containers: ['istio-ingress=docker.io/istio/proxy_debug:0.2.12'] },
      'gateway by image docker.io/istio/proxy_debug',
    ],
    [
      'telemetry',
      { labels: { app: 'telemetry', istio: 'mixer', 'istio-mixer-type': 'telemetry' } },
      'telemetry by labels istio-mixer-type=telemetry and istio=mixer',
    ],
    [
      'policy',
      { labels: { app: 'policy', istio: 'mixer', 'istio-mixer-type': 'policy' } },
      'policy by labels istio-mixer-type=policy and istio=mixer',
    ],
    ['galley', { labels: { app: 'galley', istio: 'galley' } }, 'galley by label istio=galley'],
    ['citadel', { labels: { app: 'citadel', istio: 'citadel' } }, 'citadel by label istio=citadel'],
    [
      'sidecar injector',
      { labels: { app: 'sidecarInjectorWebhook', istio: 'sidecar-injector' } },
      'sidecar-injector by label istio=sidecar-injector',
    ],
    ['CoreDNS', { labels: { app: 'istiocoredns' } }, 'istiocoredns by label app=istiocoredns'],
    ['istiod', { labels: { app: 'istiod', istio: 'pilot' } }, 'istiod by label app=istiod'],
    [
      'istiod of a revision',
      { labels: { istio: 'istiod', 'istio.io/rev': 'asm-1-17' } },
      'istiod by label istio=istiod',
    ],
    [
      'ingress gateway',
      {
        labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
        containers: ['ingress-sds=istio/node-agent-k8s', proxy],
      },
      'gateway by label istio=ingressgateway',
    ],
    [
      'egress gateway',
      { labels: { istio: 'egressgateway' }, containers: [proxy] },
      'gateway by label istio=egressgateway',
    ],
    [
      'gateway chart',
      { labels: { app: 'edge', istio: 'edge' }, containers: ['istio-proxy=auto'] },
      'gateway by its only container istio-proxy',
    ],
    [
      'gateway template',
      { annotations: { 'inject.istio.io/templates': 'sidecar, gateway' }, containers: [app, proxy] },
      'gateway by annotation inject.istio.io/templates=sidecar, gateway',
    ],
    [
      'Gateway API',
      { labels: { 'gateway.istio.io/managed': 'istio.io-gateway-controller' }, containers: [proxy] },
      'gateway by label gateway.istio.io/managed=istio.io-gateway-controller',
    ],
    [
      'waypoint',
      { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' }, containers: [proxy] },
      'waypoint by label gateway.istio.io/managed=istio.io-mesh-controller',
    ],
    [
      'waypoint by class',
      { labels: { 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' } },
      'waypoint by label gateway.networking.k8s.io/gateway-class-name=istio-waypoint',
    ],
    [
      'ztunnel',
      { labels: { app: 'ztunnel' }, containers: ['istio-proxy=gcr.io/istio-testing/ztunnel:latest'] },
      'ztunnel by label app=ztunnel',
    ],
    [
      'ztunnel without labels',
      { containers: ['istio-proxy=gcr.io/istio-testing/ztunnel:latest'] },
      'ztunnel by its only container istio-proxy',
    ],
    ['CNI', { labels: { 'k8s-app': 'istio-cni-node' } }, 'istio-cni by label k8s-app=istio-cni-node'],
    [
      'pilot by image',
      { containers: ['discovery=mirror.corp:5000/istio/pilot:1.28@sha256:01'] },
      'istiod by image mirror.corp:5000/istio/pilot',
    ],
    [
      'a build of CI',
      { containers: ['discovery=gcr.io/istio-testing/pilot'] },
      'istiod by image gcr.io/istio-testing/pilot',
    ],
    ['mixer by image beside its proxy', { containers: ['mixer=istio/mixer:1.4', proxy] }, 'mixer by image istio/mixer'],
  ])('%s', (_, parts, expected) => {
    expect(said(pod(parts))).toBe(expected);
  });

  test.each<[string, Parts]>([
    ['an application with a sidecar', { labels: { app: 'shop' }, containers: [app, proxy] }],
    ['an application behind its sidecar', { labels: { istio: 'ingress' }, containers: [proxy, app] }],
    ['an application with a native sidecar', { init: [proxy], containers: [app] }],
    ["a user's labels", { labels: { app: 'istio-demo', istio: 'enabled', version: 'v1' }, containers: [app] }],
    ['a gateway of the user', { labels: { app: 'gateway' }, containers: [app] }],
    [
      "another implementation's gateway",
      { labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' }, containers: ['envoy=envoyproxy/envoy'] },
    ],
    [
      "Istio's samples",
      { labels: { app: 'details' }, containers: ['details=docker.io/istio/examples-bookinfo-details-v1:1.20.3'] },
    ],
    ["an application beside one of Istio's images", { containers: ['pilot=istio/pilot', app] }],
    ['half of the labels', { labels: { 'istio-mixer-type': 'telemetry' }, containers: [app] }],
    ['other templates', { annotations: { 'inject.istio.io/templates': 'grpc-agent' }, containers: [app] }],
    ['nothing', {}],
    ['a container without an image', { containers: ['shop'] }],
  ])('is not %s', (_, parts) => {
    expect(said(pod(parts))).toBeUndefined();
  });

  test("is every Pod in Istio's namespace", () => {
    const prometheus = pod({ labels: { app: 'prometheus' }, containers: ['prometheus=prom/prometheus', proxy] });
    expect(said(prometheus, 'istio-system')).toBe('add-on by namespace istio-system');
    expect(said(prometheus, 'monitoring')).toBeUndefined();
    expect(said(prometheus, undefined)).toBeUndefined();
    expect(recogniseIstioComponent(prometheus, 'mesh', 'mesh')?.evidence).toBe('by namespace mesh');
    expect(said({}, 'istio-system')).toBe('add-on by namespace istio-system');
  });
});

test('the containers of the mesh are known by name', () => {
  for (const name of meshContainers) expect(isMeshContainer(name)).toBe(true);
  for (const name of ['istio', 'proxy', 'istio-proxy-2', '']) expect(isMeshContainer(name)).toBe(false);
});

describe('the sidecar is already there', () => {
  test.each<[string, Parts, boolean]>([
    ['the injector says so', { annotations: { 'sidecar.istio.io/status': '{}' }, containers: [app] }, true],
    ['a proxy beside the application', { containers: [app, proxy] }, true],
    ['a proxy before the application', { containers: [proxy, app] }, true],
    ['a native sidecar', { init: [proxy], containers: [app] }, true],
    ['istio-init', { init: ['istio-init=istio/proxyv2'], containers: [app] }, true],
    ['istio-validation', { init: ['istio-validation=istio/proxyv2'], containers: [app] }, true],
    ['a gateway', { containers: [proxy] }, false],
    ['a gateway that dumps cores', { init: ['enable-core-dump=istio/proxyv2'], containers: [proxy] }, false],
    ['ztunnel', { containers: ['istio-proxy=istio/ztunnel'] }, false],
    ['a proxy that the author prepared for the injector', { containers: [app, 'istio-proxy=auto'] }, false],
    ['a plain application', { init: ['migrate=corp/migrate'], containers: [app] }, false],
    ['an empty Pod', {}, false],
  ])('%s', (_, parts, expected) => {
    expect(isInjected(pod(parts))).toBe(expected);
  });

  test('not in an object without anything', () => expect(isInjected({})).toBe(false));
});

describe('a gateway', () => {
  test.each<[string, Parts, boolean]>([
    ['chart', { containers: ['istio-proxy=auto'] }, true],
    ['template', { annotations: { 'inject.istio.io/templates': 'gateway' }, containers: ['istio-proxy=auto'] }, true],
    ['classic', { labels: { istio: 'ingressgateway' }, containers: [proxy] }, true],
    ['waypoint', { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } }, true],
    ["the Gateway API's label", { labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } }, true],
    ['a proxy alone', { containers: [proxy] }, true],
    ['a proxy alone, its image left to the injector', { containers: ['istio-proxy'] }, true],
    ['an application with a prepared proxy', { containers: [app, 'istio-proxy=auto'] }, false],
    ['an application with a sidecar', { containers: [app, proxy] }, false],
    ['ztunnel', { containers: ['istio-proxy=istio/ztunnel'] }, false],
    ['istiod', { labels: { app: 'istiod' } }, false],
    ["a user's gateway", { labels: { app: 'gateway' }, containers: [app] }, false],
  ])('%s', (_, parts, expected) => {
    expect(isGateway(pod(parts))).toBe(expected);
  });
});

test('a proxy with image auto asks the injector to fill it in, in either list', () => {
  expect(asksForProxy(pod({ containers: [app, 'istio-proxy=auto'] }))).toBe(true);
  expect(asksForProxy(pod({ init: ['istio-proxy=auto'], containers: [app] }))).toBe(true);
  expect(asksForProxy(pod({ containers: [app, proxy] }))).toBe(false);
  expect(asksForProxy(pod({ containers: ['shop=auto'] }))).toBe(false);
});
