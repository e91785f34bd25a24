import { expect, test } from '@jest/globals';
import type { LoadedCase } from '../../../src/commands/suites/cases.js';
import { runCase } from '../../../src/commands/suites/run.js';
import { type Posed, poseCase } from '../../../src/suites/pose.js';
import type { Expectation } from '../../../src/suites/schema.js';
import { brokenPlan as plan } from '../../support/reviewing.js';

const loadedCase = (expected: Expectation): LoadedCase => {
  const posed = poseCase({ apiVersion: 'v1', kind: 'Pod' }, { defaultNamespace: 'shop' }, 'a') as Posed;
  const loaded = { path: [], test: { name: 'a', expect: expected }, posed, plan, today: undefined };
  return loaded as unknown as LoadedCase;
};

test('a rule that stops is a fault of aloft, with its stack, and never passes', async () => {
  const { checks, faults } = await runCase(loadedCase({ unchanged: true }), { realDay: '2026-11-21' });
  expect(checks).toContainEqual({ path: [], is: 'failed', message: 'a fault of aloft: broken stopped' });
  expect(faults[0]).toMatch(/^broken stopped: Error: a rule stopped\n\s+at /);
});

test('a case that a webhook is asked has no faults of ours', async () => {
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'a', allowed: true } };
  const asked: string[] = [];
  const webhook = async (phase: string) => {
    asked.push(phase);
    return { answer: review };
  };
  const { checks, faults } = await runCase(loadedCase({ unchanged: true }), { realDay: '2026-11-21', webhook });
  expect(asked).toEqual(['mutate', 'validate']);
  expect(checks).toEqual([{ path: ['unchanged'], is: 'met' }]);
  expect(faults).toEqual([]);
});
