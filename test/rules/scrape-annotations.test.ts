import { describe, expect, test } from '@jest/globals';
import type { Pod, Service } from '../../src/model/kubernetes.js';
import { policyOf, reviewWith } from '../support/reviewing.js';

test.each([
  ['sysdig alone', ['sysdig'], true],
  ['Sysdig beside another', ['prometheus', 'sysdig'], true],
  ['those who read Services', ['prometheus', 'dynatrace'], false],
])('annotations on Services, for %s', (_, readers, refused) => {
  const policy = () =>
    policyOf({ rules: [{ rule: 'scrape-annotations', settings: { annotate: 'services', readers } }] });
  if (refused) expect(policy).toThrow('it reads the annotations of Pods only');
  else expect(policy).not.toThrow();
});

/** Each part of Istio as a Service and as a Pod of the same release. */
const parts: readonly (readonly [string, Service, Pod])[] = [
  ['mixer of 0.2', serviceOf({ istio: 'mixer' }, 9093, 9102, 42422), podOf({ istio: 'mixer' }, 'mixer:0.2.12')],
  ['pilot of 0.5', serviceOf({ istio: 'pilot' }, 8080, 9093), podOf({ istio: 'pilot' }, 'pilot:0.5.1')],
  [
    'telemetry of 1.0',
    serviceOf({ istio: 'mixer', 'istio-mixer-type': 'telemetry' }, 9091, 9093, 42422),
    podOf({ istio: 'mixer', 'istio-mixer-type': 'telemetry' }, 'mixer:1.0.2'),
  ],
  ['galley of 1.4', serviceOf({ istio: 'galley' }, 443, 15014), podOf({ istio: 'galley' }, 'galley:1.4.3')],
  ['citadel of 1.4', serviceOf({ istio: 'citadel' }, 8060, 15014), podOf({ istio: 'citadel' }, 'citadel:1.4.3')],
  ['istiod of 1.5', serviceOf({ istio: 'pilot' }, 15012, 15014), podOf({ app: 'istiod' }, 'pilot:1.5.0')],
  ['istiod', serviceOf({ app: 'istiod' }, 15010, 15014), podOf({ app: 'istiod' }, 'pilot:1.28.0')],
];

describe.each(['pods', 'services'])('with annotations on %s', (annotate) => {
  test.each(parts)('%s is scraped once by each reader, on one port', (_, service, pod) => {
    const settings = { annotate, readers: ['prometheus', 'dynatrace'] };
    const spec = { rules: [{ rule: 'scrape-annotations', settings }] };
    const reviews = [reviewWith(spec, 'Service', service), reviewWith(spec, 'Pod', pod)];
    const edits = reviews.flatMap(({ steps }) => steps.flatMap((step) => ('edits' in step ? step.edits : [])));
    const written = edits.flatMap((edit) => (edit.kind === 'annotation' ? [edit.key] : []));
    expect(written.sort()).toEqual([
      'metrics.dynatrace.com/port',
      'metrics.dynatrace.com/scrape',
      'prometheus.io/port',
      'prometheus.io/scrape',
    ]);
  });
});

function serviceOf(selector: Record<string, string>, ...ports: readonly number[]): Service {
  return { metadata: { name: 'any' }, spec: { selector, ports: ports.map((port) => ({ name: name(port), port })) } };
}

function name(port: number): string {
  return { 9102: 'statsd-prom', 42422: 'prometheus', 15014: 'http-monitoring' }[port] ?? `tcp-${port}`;
}

function podOf(labels: Record<string, string>, image: string): Pod {
  return { metadata: { labels }, spec: { containers: [{ name: 'main', image: `docker.io/istio/${image}` }] } };
}
