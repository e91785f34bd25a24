import { parse, stringify } from 'yaml';
import { asRecord, asText } from '../../src/model/json.js';
import { reasons } from '../../src/model/reason.js';
import { type Fixture, readFixtures } from './fixtures.js';
import { today } from './reviewing.js';

/** A policy, and a suite of all fixtures that are reviewed under it. */
export type FixtureSuite = {
  readonly name: string;
  readonly policy: string;
  readonly suite: string;
  readonly cases: number;
};

/** Every fixture as a case of a suite, which expects what its `expected.yaml` says. */
export function fixtureSuites(): readonly FixtureSuite[] {
  const groups = Map.groupBy(readFixtures(), (fixture) => JSON.stringify(specOf(fixture)));
  return [...groups].map(([spec, fixtures], index) => {
    const name = `fixtures-${index + 1}`;
    const head = { apiVersion: 'aloft.dev/v1alpha1', metadata: { name } };
    const cases = fixtures.map(caseOf);
    return {
      name,
      policy: print({ ...head, kind: 'Policy', spec: JSON.parse(spec) }),
      suite: print({ ...head, kind: 'TestSuite', spec: { policy: `${name}.policy.yaml`, today, cases } }),
      cases: cases.length,
    };
  });
}

const print = (value: object): string => stringify(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });

const specOf = ({ policy, rule }: Fixture): unknown =>
  policy === undefined ? { rules: [{ rule }] } : asRecord(policy)['spec'];

function caseOf(fixture: Fixture): object {
  const { rule, name, input, expected = '' } = fixture;
  const { steps, patch, fault } = parse(expected);
  return {
    name: `${rule}/${name}`,
    object: input,
    expect: {
      patch,
      ...(fault === undefined
        ? { verdict: verdictOf(fixture, steps), rules: Object.fromEntries(steps.map(findingOf)) }
        : // Rules say nothing of an object that cannot be read.
          { warnings: [`aloft: ${asText(fault).replace(/malformed-object \((.*)\)$/, '$1')}`] }),
    },
  };
}

/** `tracer-env: edited, entity-id (the Pod by its UID), kept: author-decided (…)` */
function findingOf(step: string): readonly [string, object] {
  const [, name = '', outcome = '', rest = ''] = /^([^:]+): ([a-z-]+)(.*)$/s.exec(step) ?? [];
  const told = [...rest.matchAll(/, (?:in place: |kept: )?([a-z0-9-]+) \(/g)].map(([, code = '']) => code);
  const codes = [...new Set(told.filter((code) => code in reasons))];
  // Why other violations are not among them, `expected.yaml` does not tell.
  return [name, outcome === 'violated' ? { outcome, reason: codes[0] } : { outcome, reasons: codes }];
}

/** A violation counts as one where the policy enforces the rule. */
function verdictOf(fixture: Fixture, steps: readonly string[]): string {
  const entries = (asRecord(specOf(fixture))['rules'] ?? []) as readonly Record<string, unknown>[];
  const isRefused = entries.some(({ rule, name = rule, mode = 'enforce' }) =>
    steps.some((step) => mode === 'enforce' && step.startsWith(`${String(name)}: violated`)),
  );
  return isRefused ? 'refused' : 'allowed';
}
