import { describe, expect, test } from '@jest/globals';
import { catalog, vendorIds } from '../../src/vendors/catalog.js';
import { createRecogniser } from '../../src/vendors/recognise.js';
import type { Vendor } from '../../src/vendors/vendor.js';

const vendors: readonly Vendor[] = catalog;

const { recogniseAgent } = createRecogniser(catalog);

test('every vendor has an id of its own', () => {
  expect(new Set(vendorIds).size).toBe(catalog.length);
});

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('%s', (_, vendor) => {
  const evidence = vendor.components.flatMap(({ labelled }) => labelled);

  test('names its source', () => expect(vendor.source).not.toBe(''));

  test('has components with ids of their own, each with evidence', () => {
    expect(new Set(vendor.components.map(({ id }) => id)).size).toBe(vendor.components.length);
    for (const { labelled } of vendor.components) expect(labelled).not.toHaveLength(0);
  });

  test('has at least one label in each evidence', () => {
    for (const { labels } of evidence) expect(Object.keys(labels)).not.toHaveLength(0);
  });

  test('never takes a label of applications for evidence', () => {
    for (const { labels } of evidence) expect(labels).not.toHaveProperty(['admission.datadoghq.com/enabled']);
  });

  test('never lets a label that anyone may use count alone', () => {
    const common = ['agent', 'cluster-agent', 'admission-controller', 'shield', 'operator', 'webhook', 'node-analyzer'];
    for (const { labels, withImage } of evidence) {
      const values = Object.values(labels).flat();
      if (values.every((value) => common.includes(value)) && !isOwnKey(labels)) expect(withImage).toBe(true);
    }
  });

  test('is told from all others by each evidence and each image', () => {
    const exact = (glob: string): string => glob.replaceAll('*', 'x');
    const image = exact(vendor.images[0] ?? '');
    const pods = [
      ...evidence.map(({ labels, withImage }) => ({
        metadata: {
          labels: Object.fromEntries(
            Object.entries(labels).map(([key, values]) => [key, exact([values].flat()[0] ?? '')]),
          ),
        },
        spec: { containers: [{ name: 'a', image: withImage ? image : 'corp/a' }] },
      })),
      ...vendor.images.map((pattern) => ({ spec: { containers: [{ name: 'a', image: exact(pattern) }] } })),
    ];
    expect(pods.map((pod) => recogniseAgent(pod)?.vendor.id)).toEqual(pods.map(() => vendor.id));
  });

  test('has image patterns with a registry or organisation: a bare name says nothing', () => {
    for (const pattern of [...vendor.images, ...(vendor.helpers ?? [])]) {
      expect(pattern).toMatch(/^[a-z0-9.-]+\/[^:@]+$/);
    }
  });
});

/** Whether a label's key is the vendor's own, so that its value may be any word. */
const isOwnKey = (labels: object): boolean => Object.keys(labels).some((key) => /datadoghq|dynatrace|sysdig/.test(key));
