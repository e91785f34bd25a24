import { deepStrictEqual } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import type { ExplainedOperation } from '../../src/engine/operation.js';
import { type Plan, planPolicy } from '../../src/engine/plan.js';
import { codesOf, type Review, reasonsOf, review } from '../../src/engine/review.js';
import { asRecord, type Json, valueAt } from '../../src/model/json.js';
import type { Kind } from '../../src/model/kubernetes.js';
import type { Path } from '../../src/model/problem.js';
import { registry } from '../../src/rules/registry.js';
import { damaged, pods, services, specs } from '../support/arbitraries.js';
import { contextOf, policyOf } from '../support/reviewing.js';

const numRuns = 2000;

type Case = { readonly spec: { readonly rules: readonly object[] }; readonly kind: Kind; readonly object: unknown };

const objects: fc.Arbitrary<Omit<Case, 'spec'>> = fc.oneof(
  { weight: 4, arbitrary: pods.map((object) => ({ kind: 'Pod', object }) as const) },
  { weight: 1, arbitrary: services.map((object) => ({ kind: 'Service', object }) as const) },
);
// A policy takes longer to make ready than a review takes: three hundred of them do for all runs.
const policies = fc.constantFrom(...fc.sample(specs, { numRuns: 300, seed: 1 }));
const cases: fc.Arbitrary<Case> = fc.tuple(policies, objects).map(([spec, object]) => ({ spec, ...object }));

const plans = new WeakMap<object, Plan>();
const planOf = (spec: Case['spec']): Plan => {
  const plan = plans.get(spec) ?? planPolicy(policyOf(spec), registry);
  plans.set(spec, plan);
  return plan;
};

const run = ({ spec, kind, object }: Case): Review => review(kind, object, contextOf(), planOf(spec));

/** The reasons of every rule; of two entries of one rule the first may take what the second wrote for its author's. */
const codes = ({ steps }: Review) =>
  steps
    .filter(({ rule }) => steps.filter((other) => other.rule === rule).length === 1)
    .map((step) => [step.name, codesOf(step)]);

/** What can be compared of a review: faults carry errors, which are never the same. */
const comparable = ({ steps, operations, after }: Review) => ({ steps, operations, after });

/** Holds for every object of every shape that a rule has to cope with. */
const holds = (predicate: (given: Case, reviewed: Review) => void) =>
  fc.assert(
    fc.property(cases, (given) => {
      const reviewed = run(given);
      expect(reviewed.fault).toBeUndefined();
      for (const step of reviewed.steps) if (step.outcome === 'failed') throw step.error;
      predicate(given, reviewed);
    }),
    { numRuns },
  );

describe('for every object and every policy', () => {
  test('the patch, applied by a library that is not ours, leads to the object after', () => {
    holds(({ object }, { operations, after }) => {
      const patch = operations.map(({ op, path, value }) => ({ op, path, value }));
      deepStrictEqual(jsonPatch.applyPatch(object, patch, true, false).newDocument, after);
    });
  });

  test('a second review finds nothing to do, for the same reasons', () => {
    holds((given, first) => {
      const second = run({ ...given, object: first.after });
      deepStrictEqual(second.operations, []);
      deepStrictEqual(codes(second), codes(first));
    });
  });

  test('only labels, annotations, variables and volumes are touched', () => {
    holds((_, { operations }) => {
      for (const { op, path } of operations) expect(`${op} ${path}`).toMatch(touchable);
    });
  });

  test('what the author set stays, where the author set it', () => {
    holds(({ object }, { after }) => expectKept(asRecord(object), asRecord(after)));
  });

  test('every part of a patch has a reason', () => {
    holds((_, { operations }) => {
      for (const operation of operations) expect(operation.because.length).toBe(partsOf(operation));
    });
  });

  test('reasons point into the object that was received, violations to something that is there in the end', () => {
    const lastIndex = (path: Path) => path.findLastIndex((step) => typeof step === 'number');
    holds(({ object }, { steps, after }) => {
      const violations = steps.flatMap((step) => (step.outcome === 'violated' ? step.violations : []));
      // What a rule judges may be the work of an earlier one.
      const wrong = violations.map(({ at = ['nowhere'] }) => at).filter((path) => valueAt(after, path) === undefined);
      const elements = steps.flatMap(reasonsOf).map(({ at = [] }) => at.slice(0, lastIndex(at) + 1));
      expect([...wrong, ...elements.filter((path) => valueAt(object, path) === undefined)]).toEqual([]);
    });
  });

  test('the order of the rules in the policy does not matter', () => {
    holds((given, first) => {
      const rules = given.spec.rules.toReversed().toSorted((one, other) => ruleOf(other).localeCompare(ruleOf(one)));
      const sameRule = given.spec.rules.filter((entry) => ruleOf(entry) === 'tracer-env');
      const reordered = [...sameRule, ...rules.filter((entry) => ruleOf(entry) !== 'tracer-env')];
      deepStrictEqual(comparable(run({ ...given, spec: { ...given.spec, rules: reordered } })), comparable(first));
    });
  });

  test('the same object gives the same review, and is not touched by it', () => {
    holds((given, first) => {
      const copy = JSON.parse(JSON.stringify(given.object));
      deepStrictEqual(comparable(run(given)), comparable(first));
      deepStrictEqual(given.object, copy);
    });
  });
});

describe('for any JSON', () => {
  test('a review never throws, no rule stops, and nothing leaks into prototypes', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const any = fc.oneof(fc.jsonValue(), damaged(pods), damaged(services));
    const kinds = fc.constantFrom<Kind>('Pod', 'Service');
    fc.assert(
      fc.property(policies, kinds, any, (spec, kind, object) => {
        const reviewed = run({ spec, kind, object });
        for (const step of reviewed.steps) if (step.outcome === 'failed') throw step.error;
        if (reviewed.fault !== undefined) {
          expect(reviewed).toMatchObject({ operations: [], fault: { reason: { code: 'malformed-object' } } });
          expect(reviewed.after).toBe(object);
        }
      }),
      { numRuns: 2 * numRuns },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});

const ruleOf = (entry: object): string => String((entry as { readonly rule: string }).rule);

const touchable = new RegExp(
  [
    '^add /metadata$',
    '^add /metadata/(labels|annotations)$',
    '^(add|replace) /metadata/(labels|annotations)/[^/]+$',
    '^add /spec/(initContainers|containers)/\\d+/(env|volumeMounts)$',
    '^add /spec/(initContainers|containers)/\\d+/(env/\\d+|volumeMounts/-)$',
    '^(add|replace) /spec/(initContainers|containers)/\\d+/env/\\d+/value$',
    '^add /spec/volumes(/-)?$',
  ].join('|'),
);

/** How many things an operation adds: the entries of a map or list that it adds whole, else one. */
function partsOf({ path, value }: ExplainedOperation): number {
  if (path === '/metadata') return Object.values(value as object).flatMap((map) => Object.keys(map)).length;
  return /\/(labels|annotations|env|volumeMounts|volumes)$/.test(path) ? Object.keys(value as object).length : 1;
}

function expectKept(before: Json, after: Json): void {
  deepStrictEqual(frameOf(after), frameOf(before));
  for (const name of ['labels', 'annotations']) {
    const kept = asRecord(asRecord(after['metadata'])[name]);
    for (const [key, value] of Object.entries(asRecord(asRecord(before['metadata'])[name]))) {
      if (kept[key] !== value) expect([key, value, kept[key]]).toSatisfyNormalisation();
    }
  }
  const [own, now] = [asRecord(before['spec']), asRecord(after['spec'])];
  deepStrictEqual(listOf(now['volumes']).slice(0, listOf(own['volumes']).length), listOf(own['volumes']));
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of listOf(own[list]).entries()) {
      expectContainerKept(asRecord(container), asRecord(listOf(now[list])[index]));
    }
  }
}

function expectContainerKept(before: Json, after: Json): void {
  const mounts = listOf(before['volumeMounts']);
  deepStrictEqual(listOf(after['volumeMounts']).slice(0, mounts.length), mounts);
  const env = listOf(before['env']);
  const kept = listOf(after['env']);
  for (const [index, variable] of env.entries()) {
    const { value, ...rest } = asRecord(variable);
    const { value: now, ...restNow } = asRecord(kept[kept.length - env.length + index]);
    deepStrictEqual(restNow, rest);
    if (now === value) continue;
    expect(rest['name']).toMatch(/^(OTEL_RESOURCE_ATTRIBUTES|DD_CONTAINER_(EXCLUDE|INCLUDE)(_LOGS|_METRICS)?)$/);
    if (rest['name'] !== 'OTEL_RESOURCE_ATTRIBUTES') expectFirst(String(now).split(' '), String(value ?? ''), /\s+/);
    else expect(String(now).startsWith(String(value ?? '').replace(/[,\s]*$/, ''))).toBe(true);
  }
}

/** A list begins with what its author wrote, each element once and in the author's order. */
const expectFirst = (list: readonly string[], authors: string, separator: RegExp): void => {
  const own = [...new Set(authors.trim().split(separator))].filter((element) => element !== '');
  deepStrictEqual([list.slice(0, own.length), new Set(list).size], [own, list.length]);
};

/** An object without what edits may add to or normalise. */
function frameOf(object: Json): unknown {
  const { metadata, spec, ...rest } = object;
  const { labels, annotations, ...otherMetadata } = asRecord(metadata);
  const { containers, initContainers, volumes, ...otherSpec } = asRecord(spec);
  const frames = [containers, initContainers].map((list) =>
    listOf(list).map((container) => {
      const { env, volumeMounts, ...others } = asRecord(container);
      return others;
    }),
  );
  return { rest, otherMetadata, otherSpec, frames };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The values of an author that are rewritten in meaning kept: another spelling of no, and lists that are merged. */
expect.extend({
  toSatisfyNormalisation(received: unknown) {
    const [key, before, after] = received as readonly string[];
    const isSpelling = key === 'sidecar.istio.io/inject' && ['', 'no', 'False'].includes(before ?? '');
    const isMerge = key?.endsWith('/safe-to-evict-local-volumes') === true && after?.startsWith(before ?? '') === true;
    const isExclusion = key?.startsWith('traffic.sidecar.istio.io/excludeOutbound') === true;
    if (isExclusion) expectFirst((after ?? '').split(','), before ?? '', /\s*,\s*/);
    const isSpliced = ['proxy.istio.io/config', 'apm.datadoghq.com/env'].includes(key ?? '');
    const isInsertion = isSpliced && isSubsequence(before ?? '', after ?? '');
    const pass = (isSpelling && after === 'false') || isMerge || isExclusion || isInsertion;
    return { pass, message: () => `${key}: the author's "${before}" became "${after}"` };
  },
});

/** Whether nothing of a text is missing in another, which may hold more in between. */
function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of whole.split('')) if (unit === part[at]) at += 1;
  return at === part.length;
}

declare module 'expect' {
  interface Matchers<R> {
    toSatisfyNormalisation(): R;
  }
}
