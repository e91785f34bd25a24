import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { asRecord, valueAt } from '../../src/model/json.js';
import { showPath } from '../../src/model/problem.js';
import { defaultPolicy } from '../../src/policy/default.js';
import { parsePolicy, policyJsonSchema } from '../../src/policy/parse.js';
import { modes } from '../../src/policy/policy.js';
import { createPolicySchema } from '../../src/policy/schema.js';
import { registry } from '../../src/rules/registry.js';
import { vendorIds } from '../../src/vendors/catalog.js';
import { policyOf } from '../support/reviewing.js';

const ruleIds = [...new Set(registry.map(({ id }) => id))];

/** Everything that is wrong with a policy, as its author reads it. */
const complaints = (raw: unknown): readonly string[] => {
  const parsed = parsePolicy(raw, registry);
  return 'value' in parsed ? [] : parsed.problems.map(({ path, message }) => `${showPath(path)}: ${message}`);
};

const withSpec = (spec: unknown) => ({
  apiVersion: 'aloft.dev/v1alpha1',
  kind: 'Policy',
  metadata: { name: 'test' },
  spec,
});
const withRule = (entry: unknown) => withSpec({ rules: [entry] });
const withTracer = (settings: unknown) => withRule({ rule: 'tracer-env', settings });

const oneOfRules = `expected one of ${ruleIds.join(', ')}`;
const repository = 'expected a repository without tag and digest, which are not compared';

describe('a policy is refused, with everything that is wrong at once:', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['null', null, [': expected an object, got null']],
    ['a text', 'Policy', [': expected an object, got "Policy"']],
    ['a list', [], [': expected an object, got a list']],
    [
      'an empty object',
      {},
      [
        'apiVersion: expected "aloft.dev/v1alpha1", got nothing',
        'kind: expected "Policy", got nothing',
        'metadata: expected an object, got nothing',
        'spec: expected an object, got nothing',
      ],
    ],
    [
      'another version and kind, and unknown keys at the top',
      {
        ...withSpec({ rules: [], agents: [] }),
        apiVersion: 'aloft.dev/v1',
        kind: 'Polcy',
        metadata: { nme: 'x' },
        x: 1,
      },
      [
        'apiVersion: expected "aloft.dev/v1alpha1", got "aloft.dev/v1"',
        'kind: expected "Policy", got "Polcy": did you mean "Policy"?',
        'metadata.name: expected a string, got nothing',
        'metadata.nme: unknown key "nme": did you mean "name"?',
        'spec.agents: unknown key "agents": known here: cluster, onOversize, rules, exemptions',
        'x: unknown key "x": known here: apiVersion, kind, metadata, spec',
      ],
    ],
    ['no rules', withSpec({}), ['spec.rules: expected a list, got nothing']],
    ['rules that are no list', withSpec({ rules: {} }), ['spec.rules: expected a list, got an object']],
    [
      'entries that are no objects',
      withSpec({ rules: ['tracer-env', null, []] }),
      [
        'spec.rules[0]: expected an object, got "tracer-env"',
        'spec.rules[1]: expected an object, got null',
        'spec.rules[2]: expected an object, got a list',
      ],
    ],
    ['an entry without a rule', withRule({}), [`spec.rules[0].rule: ${oneOfRules}, got nothing`]],
    [
      'a rule that is misspelt',
      withRule({ rule: 'tracer-evn' }),
      [`spec.rules[0].rule: ${oneOfRules}, got "tracer-evn": did you mean "tracer-env"?`],
    ],
    ['a rule that nobody knows', withRule({ rule: 'zzzzz' }), [`spec.rules[0].rule: ${oneOfRules}, got "zzzzz"`]],
    ['a rule that is a number', withRule({ rule: 7 }), [`spec.rules[0].rule: ${oneOfRules}, got 7`]],
    [
      'a bad mode, a bad name and unknown keys',
      withRule({ rule: 'tracer-env', name: 'Nö', mod: 'x', mode: 'enforced', setings: {} }),
      [
        'spec.rules[0].name: expected a name of a-z, 0-9, "-" and ".", at most 63 long',
        'spec.rules[0].mode: expected one of enforce, warn, audit, off, got "enforced": did you mean "enforce"?',
        'spec.rules[0].mod: unknown key "mod": did you mean "mode"?',
        'spec.rules[0].setings: unknown key "setings": did you mean "settings"?',
      ],
    ],
    [
      'YAML 1.1 that reads a mode as a truth',
      withRule({ rule: 'tracer-env', mode: true }),
      ['spec.rules[0].mode: expected one of enforce, warn, audit, off, got true'],
    ],
    [
      'two entries of one name, beside other problems',
      withSpec({
        rules: [
          { rule: 'tracer-env' },
          { rule: 'tracer-env', mode: 'x' },
          { rule: 'agents-outside-mesh', name: 'tracer-env' },
        ],
      }),
      [
        'spec.rules[1].mode: expected one of enforce, warn, audit, off, got "x"',
        ...[1, 2].map(
          (index) =>
            `spec.rules[${index}]: the name "tracer-env" is taken by an earlier rule: give this entry a \`name\` of its own`,
        ),
      ],
    ],
    [
      'every part of a match',
      withRule({
        rule: 'tracer-env',
        match: {
          namespaces: [],
          namespaceLabels: { '': 'x' },
          labels: { app: 1 },
          owners: [''],
          images: ['a:1', 'registry:5000/a', 'registry:5000/a:1', 'a@sha256:1'],
          namespcs: [],
        },
      }),
      [
        'spec.rules[0].match.namespaces: expected at least 1 entry, got none',
        'spec.rules[0].match.namespaceLabels.: expected a key, got an empty one',
        'spec.rules[0].match.labels.app: expected a string, got 1',
        'spec.rules[0].match.owners[0]: expected at least 1 character, got none',
        `spec.rules[0].match.images[0]: ${repository}`,
        `spec.rules[0].match.images[2]: ${repository}`,
        `spec.rules[0].match.images[3]: ${repository}`,
        'spec.rules[0].match.namespcs: unknown key "namespcs": did you mean "namespaces"?',
      ],
    ],
    [
      'match and settings that are null',
      withRule({ rule: 'tracer-env', match: null, settings: null }),
      ['spec.rules[0].match: expected an object, got null', 'spec.rules[0].settings: expected an object, got null'],
    ],
    [
      'settings of tracer-env',
      withTracer({
        vendor: 'datadogg',
        agent: { via: 'hostip' },
        environment: '',
        propagators: [''],
        env: [
          { name: '1A', value: 1 },
          { name: 'A', value: 'b', x: 1 },
        ],
      }),
      [
        'spec.rules[0].settings.vendor: expected one of datadog, opentelemetry, got "datadogg": did you mean "datadog"?',
        'spec.rules[0].settings.agent.via: expected one of hostIP, service, socket, got "hostip": did you mean "hostIP"?',
        'spec.rules[0].settings.environment: expected at least 1 character, got none',
        'spec.rules[0].settings.propagators[0]: expected at least 1 character, got none',
        'spec.rules[0].settings.env[0].name: expected the name of a variable',
        'spec.rules[0].settings.env[0].value: expected a string, got 1',
        'spec.rules[0].settings.env[1].x: unknown key "x": known here: name, value',
      ],
    ],
    [
      'a port that is too small, and a key of another transport',
      withTracer({ agent: { via: 'hostIP', port: 0, service: 'x' } }),
      [
        'spec.rules[0].settings.agent.port: expected at least 1, got 0',
        'spec.rules[0].settings.agent.service: unknown key "service": known here: via, port',
      ],
    ],
    [
      'a port that is too large',
      withTracer({ agent: { via: 'hostIP', port: 70_000 } }),
      ['spec.rules[0].settings.agent.port: expected at most 65535, got 70000'],
    ],
    [
      'half a port',
      withTracer({ agent: { via: 'hostIP', port: 1.5 } }),
      ['spec.rules[0].settings.agent.port: expected an integer, got 1.5'],
    ],
    [
      'a service without its name',
      withTracer({ agent: { via: 'service' } }),
      ['spec.rules[0].settings.agent.service: expected a string, got nothing'],
    ],
    [
      'an agent that is no object',
      withTracer({ agent: 'x' }),
      ['spec.rules[0].settings.agent: expected an object, got "x"'],
    ],
    ...['var/run', '/', '/var/run/'].map((directory): [string, unknown, readonly string[]] => [
      `a socket in ${directory}`,
      withTracer({ agent: { via: 'socket', directory } }),
      ['spec.rules[0].settings.agent.directory: expected an absolute path without "/" at its end'],
    ]),
    [
      'a transport that the tracer does not know',
      withTracer({ vendor: 'opentelemetry', agent: { via: 'socket' } }),
      ['spec.rules[0].settings.agent.via: OpenTelemetry cannot be reached by socket: expected one of hostIP, service'],
    ],
    [
      'a variable that is listed twice',
      withTracer({
        env: [
          { name: 'A', value: 'b' },
          { name: 'A', value: 'c' },
        ],
      }),
      ['spec.rules[0].settings.env[1].name: A is in the list already'],
    ],
    [
      'settings of the other rules',
      withSpec({
        rules: [
          { rule: 'agents-outside-mesh', settings: { vendors: ['datadog', 'zabbix', 'sysdg'] } },
          { rule: 'datadog-endpoint-checks', settings: { annotations: 2, histogramBuckets: 'yes', vendors: [] } },
        ],
      }),
      [
        `spec.rules[0].settings.vendors[1]: expected one of ${vendorIds.join(', ')}, got "zabbix"`,
        `spec.rules[0].settings.vendors[2]: expected one of ${vendorIds.join(', ')}, got "sysdg": did you mean "sysdig"?`,
        'spec.rules[1].settings.annotations: expected one of v1, v2, got 2',
        'spec.rules[1].settings.histogramBuckets: expected true or false, got "yes"',
        'spec.rules[1].settings.vendors: unknown key "vendors": known here: annotations, histogramBuckets',
      ],
    ],
    [
      'every part of the cluster',
      withSpec({
        rules: [],
        cluster: {
          name: '',
          dataPlaneMode: 'ambiant',
          istioNamespace: '',
          istioVersion: 1.3,
          agents: [{ name: 'x' }, { name: '', labels: {} }, { labels: { a: 'b' }, images: [] }],
          zone: 1,
        },
      }),
      [
        'spec.cluster.name: expected at least 1 character, got none',
        'spec.cluster.dataPlaneMode: expected one of sidecar, ambient, both, got "ambiant": did you mean "ambient"?',
        'spec.cluster.istioNamespace: expected at least 1 character, got none',
        'spec.cluster.istioVersion: expected a text such as "1.28", got 1.3: put it into quotes',
        'spec.cluster.agents[0]: expected `labels`, `images` or both: nothing else tells the agent from other Pods',
        'spec.cluster.agents[1].name: expected at least 1 character, got none',
        'spec.cluster.agents[2].name: expected a string, got nothing',
        'spec.cluster.agents[2].images: expected at least 1 entry, got none',
        'spec.cluster.zone: unknown key "zone": known here: name, dataPlaneMode, istioNamespace, istioVersion, agents',
      ],
    ],
    ...['1', '1.28.0', 'v1.28', '1.x', ''].map((istioVersion): [string, unknown, readonly string[]] => [
      `a version of Istio written as "${istioVersion}"`,
      withSpec({ rules: [], cluster: { istioVersion } }),
      [`spec.cluster.istioVersion: expected MAJOR.MINOR, such as "1.28", got "${istioVersion}"`],
    ]),
    [
      'every part of an exemption',
      withSpec({
        rules: [{ rule: 'tracer-env', name: 'tracing' }],
        onOversize: 'drop',
        exemptions: [
          { rules: [], reason: '', expires: '2026-13-01', match: { labels: [] } },
          {},
          { rules: ['tracin', 'tracing', 'tracer-env', '*', 'zzzzzzzz', ''], reason: 'a', expires: 20_261_101 },
        ],
      }),
      [
        'spec.onOversize: expected one of allow, deny, got "drop"',
        'spec.exemptions[0].rules: expected at least 1 entry, got none',
        'spec.exemptions[0].match.labels: expected an object, got a list',
        'spec.exemptions[0].reason: expected at least 1 character, got none',
        'spec.exemptions[0].expires: expected a day as YYYY-MM-DD',
        'spec.exemptions[1].rules: expected a list, got nothing',
        'spec.exemptions[1].reason: expected a string, got nothing',
        'spec.exemptions[2].rules[5]: expected at least 1 character, got none',
        'spec.exemptions[2].expires: expected a day as YYYY-MM-DD',
        'spec.exemptions[2].rules[0]: no rule is called "tracin": did you mean "tracing"?',
        'spec.exemptions[2].rules[4]: no rule is called "zzzzzzzz"',
      ],
    ],
    [
      'exemptions from what a rule finds under codes that it does not know',
      withSpec({
        rules: [{ rule: 'annotation-lint', name: 'lint' }, { rule: 'tracer-env' }],
        exemptions: [
          {
            reason: 'a',
            rules: [
              'lint/datadog-unknown-container',
              'annotation-lint/istio-port',
              'agent-version/agent-too-old',
              'lint/datadog-unknown-contaner',
              'annotation-lint/agent-too-old',
              'lint/',
              'lints/istio-port',
              '*/istio-port',
              '/istio-port',
              'tracer-env/author-decided',
            ],
          },
        ],
      }),
      [
        'rules[3]: lint finds nothing under the code "datadog-unknown-contaner": did you mean "datadog-unknown-container"?',
        'rules[4]: annotation-lint finds nothing under the code "agent-too-old"',
        'rules[5]: lint finds nothing under the code ""',
        'rules[6]: no rule is called "lints": did you mean "lint"?',
        'rules[7]: no rule is called "*"',
        'rules[8]: no rule is called ""',
        'rules[9]: tracer-env only edits, and finds nothing wrong: write "tracer-env"',
      ].map((text) => `spec.exemptions[0].${text}`),
    ],
  ])('%s', (_, raw, expected) => expect(complaints(raw)).toEqual(expected));
});

describe('a policy is filled in with defaults:', () => {
  test('no rules at all', () => {
    expect(policyOf({ rules: [] }).spec).toEqual({
      cluster: { dataPlaneMode: 'both', istioNamespace: 'istio-system', agents: [] },
      onOversize: 'allow',
      rules: [],
      exemptions: [],
    });
  });

  test.each(ruleIds)('%s with nothing but its name', (rule) => {
    const [entry] = policyOf({ rules: [{ rule }] }).spec.rules;
    expect(entry).toMatchObject({ rule, name: rule, mode: 'enforce', match: {}, settings: expect.any(Object) });
  });

  test('the settings of each rule', () => {
    const { rules } = policyOf({ rules: ruleIds.map((rule) => ({ rule })) }).spec;
    expect(Object.fromEntries(rules.map(({ rule, settings }) => [rule, settings]))).toMatchObject({
      'agents-outside-mesh': { vendors: ['datadog', 'sysdig', 'dynatrace'] },
      'datadog-endpoint-checks': { annotations: 'v1', histogramBuckets: true },
      'tracer-env': { vendor: 'datadog', agent: { via: 'hostIP' }, propagators: [], env: [] },
      'annotation-lint': { readers: ['istio', 'datadog'] },
    });
  });

  test('an exemption, which holds everywhere and for good', () => {
    const { exemptions } = policyOf({ rules: [], exemptions: [{ rules: ['*'], reason: 'a' }] }).spec;
    expect(exemptions).toEqual([{ rules: ['*'], reason: 'a', match: {} }]);
  });
});

describe('the default policy', () => {
  test('turns the core rules on, in the order in which they run, for any data plane', () => {
    const parsed = parsePolicy(parse(defaultPolicy), registry);
    expect(parsed).toEqual({
      value: {
        apiVersion: 'aloft.dev/v1alpha1',
        kind: 'Policy',
        metadata: { name: 'default' },
        spec: {
          cluster: { dataPlaneMode: 'both', istioNamespace: 'istio-system', agents: [] },
          onOversize: 'allow',
          exemptions: [],
          rules: [
            {
              rule: 'agents-outside-mesh',
              name: 'agents-outside-mesh',
              mode: 'enforce',
              match: {},
              settings: { vendors: ['datadog', 'sysdig', 'dynatrace'] },
            },
            {
              rule: 'datadog-endpoint-checks',
              name: 'datadog-endpoint-checks',
              mode: 'enforce',
              match: {},
              settings: { annotations: 'v1', histogramBuckets: true },
            },
            {
              rule: 'tracer-env',
              name: 'tracer-env',
              mode: 'enforce',
              match: {},
              settings: { vendor: 'datadog', agent: { via: 'hostIP' }, propagators: [], env: [] },
            },
          ],
        },
      },
    });
  });

  test('names the choices of each setting beside it', () => {
    for (const mode of modes) expect(defaultPolicy).toContain(mode);
    for (const word of ['sidecar', 'ambient', 'both', 'hostIP', 'service', 'socket', 'v1', 'v2', 'opentelemetry']) {
      expect(defaultPolicy).toContain(word);
    }
  });
});

describe('the JSON Schema', () => {
  const schema = policyJsonSchema(registry);
  const at = (...path: readonly (string | number)[]) => valueAt(schema, path);
  const entries =
    at('properties', 'spec', 'properties', 'rules', 'items', 'anyOf') ??
    at('properties', 'spec', 'properties', 'rules', 'items', 'oneOf');

  test('is draft-07 of a whole policy, and allows no other keys', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      additionalProperties: false,
    });
  });

  test('has every rule, with its settings and modes, and asks for nothing but the rule', () => {
    expect(entries).toHaveLength(ruleIds.length);
    for (const [index, id] of ruleIds.entries()) {
      const entry = asRecord((entries as readonly unknown[])[index]);
      expect(entry).toMatchObject({
        required: ['rule'],
        additionalProperties: false,
        properties: {
          rule: { const: id },
          mode: { enum: [...modes], default: 'enforce' },
          settings: { type: 'object' },
        },
      });
    }
  });

  test('describes settings for those who hover over them', () => {
    expect(JSON.stringify(schema)).toContain('how tracers reach their agent or collector');
  });
});

test('what we have no words for is said in those of zod', () => {
  const rule = { id: 'mail', settings: z.strictObject({ to: z.email().optional() }) };
  const parsed = parsePolicy(withRule({ rule: 'mail', settings: { to: 'nobody' } }), [rule]);
  expect(parsed).toEqual({
    problems: [{ path: ['spec', 'rules', 0, 'settings', 'to'], message: 'Invalid email address' }],
  });
});

test('a schema of no rules is a fault of ours', () => {
  expect(() => createPolicySchema([])).toThrow('a policy schema needs at least one rule');
});
