import { describe, expect, test } from '@jest/globals';
import type { Pod, Service } from '../../src/model/kubernetes.js';
import { istioChanges } from '../../src/vendors/istio-changes.js';
import { isAtLeast } from '../../src/vendors/istio-version.js';
import { adviseOnUpgrade } from '../../src/vendors/upgrade.js';

const inject = 'sidecar.istio.io/inject';
const ambient = 'istio.io/dataplane-mode';

const containers = [{ name: 'a', image: 'corp/a:1' }];
const pod = (metadata: NonNullable<Pod['metadata']>, spec: Pod['spec'] = {}): Pod => ({
  metadata,
  spec: { containers, ...spec },
});
const labelled = (labels: Record<string, string>, annotations: Record<string, string> = {}): Pod =>
  pod({ labels, annotations });
const annotated = (annotations: Record<string, string>): Pod => labelled({}, annotations);
const onHost = (labels: Record<string, string> = {}, annotations: Record<string, string> = {}): Pod =>
  pod({ labels, annotations }, { hostNetwork: true });
const service = (labels: Record<string, string>, ports: readonly number[], selector = labels): Service => ({
  metadata: { labels },
  spec: { selector, ports: ports.map((port) => ({ port, name: `p-${port}` })) },
});

type Row = readonly [says: string, object: Pod | Service, versions: string, expected: readonly string[]];

/** Releases as FROM..TO, and what is said about an object between them. */
const pods: readonly Row[] = [
  ['"no" flips', annotated({ [inject]: 'no' }), '1.26..1.27', ['inject-no']],
  ['"False" is a no as well', annotated({ [inject]: 'False' }), '1.20..1.31', ['inject-no']],
  ['a label "0" too', labelled({ [inject]: '0' }, { [inject]: '0' }), '1.26..1.27', ['inject-no']],
  ['"Yes" is a yes', annotated({ [inject]: 'Yes' }), '1.26..1.27', ['inject-yes']],
  ['the label is what is read', labelled({ [inject]: 'True' }, { [inject]: 'no' }), '1.26..1.27', ['inject-yes']],
  ['"no" had flipped before', annotated({ [inject]: 'no' }), '1.27..1.31', []],
  ['"no" has not flipped yet', annotated({ [inject]: 'no' }), '1.20..1.26', []],
  ['"false" stays', labelled({ [inject]: 'false' }, { [inject]: 'false' }), '1.4..1.31', []],
  ['an empty value stays', annotated({ [inject]: '' }), '1.26..1.27', []],
  ['the host network is never injected', onHost({ [ambient]: 'none' }, { [inject]: 'no' }), '1.26..1.27', []],
  ['a label that says no', labelled({ [inject]: 'false' }), '1.8..1.9', ['label-keeps-out']],
  ['a label that says yes', labelled({ [inject]: 'true' }), '1.8..1.10', ['label-asks-in']],
  [
    'a label that says yes to an annotation',
    labelled({ [inject]: 'true' }, { [inject]: 'false' }),
    '1.11..1.12',
    ['label-wins'],
  ],
  ['an empty label before a no', labelled({ [inject]: '' }, { [inject]: 'false' }), '1.11..1.12', ['label-wins']],
  ['a label that has kept out since 1.9', labelled({ [inject]: 'false' }, { [inject]: 'true' }), '1.9..1.12', []],
  ['a label and no annotation', labelled({ [inject]: 'true' }), '1.11..1.12', []],
  [
    'the old opt-out of ambient',
    annotated({ 'ambient.istio.io/redirection': 'disabled' }),
    '1.21..1.22',
    ['ambient-annotation'],
  ],
  [
    'beside the new one',
    labelled({ [ambient]: 'none' }, { 'ambient.istio.io/redirection': 'disabled' }),
    '1.21..1.22',
    [],
  ],
  ['from before ambient', annotated({ 'ambient.istio.io/redirection': 'disabled' }), '1.17..1.22', []],
  ['the status of ambient', annotated({ 'ambient.istio.io/redirection': 'enabled' }), '1.21..1.22', []],
  ['the host network comes into ambient', onHost(), '1.26..1.27', ['ambient-host-network-in']],
  ['and leaves it', onHost(), '1.30..1.31', ['ambient-host-network-out']],
  ['from before to after', onHost(), '1.26..1.31', []],
  ['with the label', onHost({ [ambient]: 'none' }), '1.26..1.27', []],
  ["a port of Istio's", annotated({ 'prometheus.io/port': '15090' }), '1.30..1.31', ['reserved-scrape-port']],
  ['no port at all', annotated({ 'prometheus.io/port': 'http' }), '1.30..1.31', ['reserved-scrape-port']],
  ['a port of its own', annotated({ 'prometheus.io/port': '8080' }), '1.30..1.31', []],
  [
    'a reserved port outside the mesh',
    labelled({ [inject]: 'false' }, { [inject]: 'false', 'prometheus.io/port': '15090' }),
    '1.30..1.31',
    [],
  ],
  [
    'a reserved port that is not scraped',
    annotated({ 'prometheus.io/scrape': 'false', 'prometheus.io/port': '15090' }),
    '1.30..1.31',
    [],
  ],
  [
    'several targets',
    annotated({ 'prometheus.istio.io/scrape-targets': '8080,9090' }),
    '1.30..1.31',
    ['scrape-targets'],
  ],
  ['variables of the proxy', annotated({ 'apm.datadoghq.com/env': '{}' }), '1.2..1.3', ['proxy-env']],
  ['Mixer becomes two', labelled({ istio: 'mixer' }), '0.7..0.8', ['mixer-split']],
  ['Mixer is off', labelled({ istio: 'mixer', 'istio-mixer-type': 'policy' }), '1.4..1.7', ['mixer-off']],
  ['Mixer is removed', labelled({ istio: 'mixer', 'istio-mixer-type': 'policy' }), '1.4..1.8', ['mixer-removed']],
  ['Galley is in istiod', labelled({ istio: 'galley' }), '1.4..1.5', ['control-plane-merged']],
  [
    'Galley on the port of 1.0',
    labelled({ istio: 'galley' }, { 'prometheus.io/port': '9093' }),
    '1.0..1.1',
    ['own-metrics-port'],
  ],
  ['Galley on the new port', labelled({ istio: 'galley' }, { 'prometheus.io/port': '15014' }), '1.0..1.1', []],
  ['an application', labelled({ app: 'shop' }, { 'prometheus.io/port': '9093' }), '0.2..1.31', []],
];

const services: readonly Row[] = [
  ['Mixer becomes two', service({ istio: 'mixer' }, [42422]), '0.7..0.8', ['mixer-split']],
  ['its own metrics move', service({ istio: 'galley' }, [9093]), '1.0..1.1', ['own-metrics-port']],
  ['they are where they will be', service({ istio: 'galley' }, [15014]), '1.0..1.1', []],
  ['Mixer is off', service({ istio: 'mixer', 'istio-mixer-type': 'telemetry' }, [42422]), '1.4..1.5', ['mixer-off']],
  ['Pilot is istiod', service({ istio: 'pilot', app: 'pilot' }, [15014]), '1.4..1.31', ['control-plane-merged']],
  [
    "Pilot's name for istiod",
    service({ istio: 'pilot', app: 'pilot' }, [15012, 15014]),
    '1.5..1.6',
    ['istiod-service'],
  ],
  ['istiod itself', service({ istio: 'pilot', app: 'istiod' }, [15012, 15014]), '1.5..1.31', []],
  ['an application', service({ app: 'shop' }, [9093, 15014]), '0.2..1.31', []],
];

const codes = (kind: 'Pod' | 'Service', object: Pod | Service, versions: string, dataPlaneMode: 'both' | 'sidecar') => {
  const [from = '', to = ''] = versions.split('..');
  return adviseOnUpgrade(kind, object, { from, to, dataPlaneMode }).map(({ change }) => change);
};

test.each(pods)('a Pod: %s', (_, object, versions, expected) => {
  expect(codes('Pod', object, versions, 'both')).toEqual(expected);
});

test.each(services)('a Service: %s', (_, object, versions, expected) => {
  expect(codes('Service', object, versions, 'both')).toEqual(expected);
});

test('leaves ambient out where the data plane is sidecars', () => {
  expect(codes('Pod', onHost(), '1.26..1.27', 'sidecar')).toEqual([]);
});

test('says nothing where the version stays', () => {
  for (const [, object, versions] of pods) {
    const same = versions.split('..')[1];
    expect(codes('Pod', object, `${same}..${same}`, 'both')).toEqual([]);
  }
});

test('names what it is about', () => {
  const upgrade = { from: '1.30', to: '1.31', dataPlaneMode: 'both' } as const;
  const [advice] = adviseOnUpgrade('Pod', annotated({ 'prometheus-io/port': '15090' }), upgrade);
  expect(advice?.about).toBe('annotation prometheus-io/port: "15090"');
});

describe('the table', () => {
  const shown = new Set([...pods, ...services].flatMap(([, , , expected]) => expected));

  test.each(istioChanges.map((change) => [change.id, change] as const))('%s is shown by a row above', (id, change) => {
    expect(shown).toContain(id);
    expect(change.source).not.toBe('');
    expect(change.pod ?? change.service).toBeDefined();
    expect(change.meaning).not.toMatch(/[.:]$/);
  });

  test('is in the order of the releases', () => {
    const ordered = istioChanges.toSorted((one, other) =>
      one.since === other.since ? 0 : isAtLeast(one.since, other.since) ? 1 : -1,
    );
    expect(istioChanges.map(({ id }) => id)).toEqual(ordered.map(({ id }) => id));
  });
});
