import { type Evidence, under } from './vendor.js';

/** A part of Istio: Pods by their labels, or by running nothing but its images beside the proxy. */
export type IstioComponent = {
  readonly id: string;
  readonly labelled: readonly Evidence[];
  readonly images?: readonly string[];
  /** The proxy is the Pod's work, not its companion. */
  readonly gateway?: true;
};

/** Releases, what CI builds, Google's and Red Hat's distributions; Azure mirrors `istio`. */
const prefixes = ['istio', 'istio-testing', 'istio-release', 'asm', 'openshift-service-mesh'];

const images = (...names: readonly string[]) => under(prefixes, names);

/**
 * Istio's own Pods from 0.2 to today, but for the two below. Labels that a user may well have chosen (`istio: ingress` of 0.x, `app: <release>`
 * of the gateway chart) are left out: a proxy as the only container says it better.
 * Sources: istio/istio install/kubernetes (to 1.5), manifests/charts (since).
 */
export const istioComponents = [
  {
    id: 'istiod',
    labelled: [
      { labels: { app: 'istiod' } },
      { labels: { 'app.kubernetes.io/name': 'istiod' } },
      { labels: { istio: 'istiod' } },
      { labels: { 'operator.istio.io/component': 'Pilot' } },
    ],
    images: images('pilot', 'pilot-rhel8', 'istio-pilot-rhel9'),
  },
  { id: 'pilot', labelled: [{ labels: { istio: 'pilot' } }] },
  {
    id: 'telemetry',
    labelled: [{ labels: { 'istio-mixer-type': 'telemetry', istio: 'mixer' } }],
  },
  { id: 'policy', labelled: [{ labels: { 'istio-mixer-type': 'policy', istio: 'mixer' } }] },
  { id: 'mixer', labelled: [{ labels: { istio: 'mixer' } }], images: images('mixer') },
  { id: 'galley', labelled: [{ labels: { istio: 'galley' } }], images: images('galley') },
  {
    id: 'citadel',
    labelled: [{ labels: { istio: ['citadel', 'istio-ca'] } }],
    images: images('citadel', 'istio-ca'),
  },
  {
    id: 'sidecar-injector',
    labelled: [{ labels: { istio: ['sidecar-injector', 'sidecar-initializer', 'istio-initializer'] } }],
    images: images('sidecar_injector', 'sidecar_initializer', 'initializer'),
  },
  {
    id: 'waypoint',
    gateway: true,
    labelled: [
      { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } },
      { labels: { 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' } },
    ],
  },
  {
    id: 'istio-cni',
    labelled: [{ labels: { 'k8s-app': 'istio-cni-node' } }],
    images: images('install-cni', 'istio-cni-rhel8', 'istio-cni-rhel9'),
  },
  { id: 'node-agent', labelled: [{ labels: { istio: 'nodeagent' } }] },
  { id: 'istiocoredns', labelled: [{ labels: { app: 'istiocoredns' } }] },
  { id: 'istio-operator', labelled: [{ labels: { name: 'istio-operator' } }], images: images('operator') },
] as const satisfies readonly IstioComponent[];

/** Gateways of every age, whoever installs them. */
export const gateway = {
  id: 'gateway',
  gateway: true,
  labelled: [
    { labels: { 'gateway.istio.io/managed': '*' } },
    { labels: { istio: ['ingressgateway', 'egressgateway', 'ilbgateway', 'eastwestgateway'] } },
    { labels: { 'operator.istio.io/component': ['IngressGateways', 'EgressGateways'] } },
  ],
  images: images('proxy', 'proxy_debug', 'proxyv2', 'proxyv2-rhel8', 'istio-proxyv2-rhel9'),
} as const satisfies IstioComponent;

/** The proxy of a node, in ambient mode. */
export const ztunnel = {
  id: 'ztunnel',
  labelled: [{ labels: { app: 'ztunnel' } }, { labels: { 'app.kubernetes.io/name': 'ztunnel' } }],
  images: images('ztunnel', 'istio-ztunnel-rhel9'),
} as const satisfies IstioComponent;
