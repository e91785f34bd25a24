import { describe, expect, test } from '@jest/globals';
import type { Pod, Service } from '../../src/model/kubernetes.js';
import type { ReasonCode } from '../../src/model/reason.js';
import { datadogPodFaults, datadogServiceFaults } from '../../src/vendors/datadog-annotations.js';

type Annotations = Readonly<Record<string, string>>;

const podWith = (annotations: Annotations, containers: readonly string[] = ['app']): Pod => ({
  metadata: { annotations },
  spec: { containers: containers.map((name) => ({ name })) },
});
const serviceWith = (annotations: Annotations): Service => ({ metadata: { annotations } });
const onPod = (annotations: Annotations, containers?: readonly string[]): readonly ReasonCode[] =>
  datadogPodFaults(podWith(annotations, containers)).map(({ code }) => code);
const onService = (annotations: Annotations): readonly ReasonCode[] =>
  datadogServiceFaults(serviceWith(annotations)).map(({ code }) => code);

const unreadable = 'datadog-unreadable';
const noInstances = 'datadog-no-instances';
const instance = 'datadog-instance';

/** `facts/datadog.md` §1.3, first table: a v2 value, what is wrong with it on a Pod, and what on a Service. */
describe('v2: the Agent’s parser, row by row', () => {
  test.each<[string, readonly ReasonCode[], (readonly ReasonCode[])?]>([
    ['{"istio":{"instances":[{"a":1}]}}', []],
    ['{"istio":{"init_config":null,"instances":[{}]}}', []],
    ['{"istio":{"init_config":[],"instances":[{}]}}', []],
    ['{"istio":{"instances":[]}}', [noInstances]],
    ['{"istio":{"instances":null}}', [noInstances]],
    ['{"istio":null}', [noInstances]],
    ['{"istio":{}}', [noInstances]],
    // What Datadog's own README calls v2.
    ['{"Istio":{"istiod_endpoint":"x"}}', [noInstances]],
    // On a Pod, this is how a file's own check is turned off.
    ['{}', [], [noInstances]],
    ['null', [], [noInstances]],
    ['[]', [unreadable]],
    ['""', [unreadable]],
    ['', [unreadable]],
    ['{"istio":{"instances":[{}],}}', [unreadable]],
    ['{"istio":{"instances":[{}]}} x', [unreadable]],
    ["{'istio':{}}", [unreadable]],
    ['{"istio":{"instances":{}}}', [unreadable]],
    ['{"istio":[{}]}', [unreadable]],
    ['{"istio":{"instances":["x"]}}', [instance]],
    ['{"istio":{"instances":[null]}}', [instance]],
    ['{"istio":{"instances":[[{}]]}}', [instance]],
    ['{"istio":{"instances":[{}]},"nginx":{"instances":[{},1]}}', [instance]],
    ['{"istio":{"instances":[{}],"ignore_autodiscovery_tags":"true"}}', ['datadog-boolean']],
    ['{"istio":{"instances":[{}],"ignore_autodiscovery_tags":true}}', []],
    ['{"istio":{"instances":[{}],"ignore_autodiscovery_tags":null}}', []],
    ['{"istio":{"instances":[{}],"name":1}}', [unreadable]],
    ['{"istio":{"instances":[{}],"check_tag_cardinality":1}}', [unreadable]],
    ['{"istio-1":{"name":"istio","instances":[{}]},"istio-2":{"name":"istio","instances":[{}]}}', []],
    ['{"istio":{"instances":[{"id":12345678901234567890}]}}', ['datadog-precision']],
    ['{"istio":{"instances":[{"id":9007199254740993}]}}', ['datadog-precision']],
    ['{"istio":{"instances":[{"id":1e999}]}}', ['datadog-precision']],
    ['{"istio":{"instances":[{"id":9007199254740992,"tag":"12345678901234567891"}]}}', []],
    // Field names in any case of letters; unknown ones are passed over; the last of two equal ones counts.
    ['{"istio":{"Instances":[{}],"INIT_CONFIG":{},"whatever":1}}', []],
    ['{"istio":{"instances":[],"instances":[{}]}}', []],
    // A check that is there for its logs.
    ['{"istio":{"logs":[{"source":"istio"}]}}', []],
  ])('%s', (value, pod, service = pod) => {
    expect(onPod({ 'ad.datadoghq.com/app.checks': value })).toEqual(pod);
    for (const id of ['service', 'endpoints']) {
      expect(onService({ [`ad.datadoghq.com/${id}.checks`]: value })).toEqual(service);
    }
  });
});

const v1 = (prefix: string, [names, inits, instances]: readonly (string | undefined)[]): Annotations =>
  Object.fromEntries(
    Object.entries({ check_names: names, init_configs: inits, instances }).flatMap(([key, value]) =>
      value === undefined ? [] : [[`ad.datadoghq.com/${prefix}.${key}`, value]],
    ),
  );

/** `facts/datadog.md` §1.3, second table. */
describe('v1: the Agent’s parser, row by row', () => {
  const lengths = 'datadog-v1-lengths';
  const incomplete = 'datadog-v1-incomplete';
  test.each<
    [string | undefined, string | undefined, string | undefined, readonly ReasonCode[], (readonly ReasonCode[])?]
  >([
    ['["istio"]', '[{}]', '[{"a":1}]', []],
    ['["istio"]', '[{}]', '[[{"a":1},{"a":2}]]', []],
    ['["istio"]', '[[{}]]', '[{"a":1}]', []],
    ['["istio","nginx"]', '[{},{}]', '[{},{}]', []],
    ['[]', '[]', '[]', [], [noInstances]],
    ['null', 'null', 'null', [], [noInstances]],
    ['[""]', '[{}]', '[{}]', [], [noInstances]],
    ['[null]', '[{}]', '[{}]', [], [noInstances]],
    ['["istio","nginx"]', '[{}]', '[{},{}]', [lengths]],
    ['["istio"]', '[]', '[{}]', [lengths]],
    ['["istio"]', '[{}]', '[{},{}]', [lengths]],
    ['["istio"]', '[[]]', '[{}]', [lengths]],
    ['["istio"]', '[{}]', '[[]]', [lengths]],
    ['["istio"]', '[[{},{}]]', '[{}]', [lengths]],
    ['"istio"', '[{}]', '[{}]', [unreadable]],
    ['istio', '[{}]', '[{}]', [unreadable]],
    ['[1]', '[{}]', '[{}]', [unreadable]],
    ['', '[{}]', '[{}]', [unreadable]],
    ['["istio"]', '{}', '[{}]', [unreadable]],
    ['["istio"]', '[{}]', '{}', [unreadable]],
    ['["istio"]', '[{}]', '[{}] x', [unreadable]],
    ['["istio"]', '[null]', '[{}]', [instance]],
    ['["istio"]', '[{}]', '["x"]', [instance]],
    ['["istio"]', '', '', [unreadable, unreadable]],
    ['["istio"]', undefined, '[{}]', [incomplete]],
    ['["istio"]', '[{}]', undefined, [incomplete]],
    [undefined, '[{}]', '[{}]', [incomplete]],
    [undefined, undefined, '[{}]', [incomplete]],
    ['["istio"]', '[{}]', '[{"id":12345678901234567890}]', ['datadog-precision']],
    [
      '["istio"]',
      '[{"url":"%%hots%%"}]',
      '[{"url":"%%hots%%"}]',
      ['datadog-unknown-variable', 'datadog-unknown-variable'],
    ],
  ])('%s %s %s', (names, inits, instances, pod, service = pod) => {
    expect(onPod(v1('app', [names, inits, instances]))).toEqual(pod);
    expect(onService(v1('endpoints', [names, inits, instances]))).toEqual(service);
  });
});

describe('the other annotations of a container', () => {
  const check = v1('app', ['["istio"]', '[{}]', '[{}]']);
  const own = 'ad.datadoghq.com/app.';
  test.each<[string, Annotations, readonly ReasonCode[]]>([
    ['v1 hidden by v2', { ...check, [`${own}checks`]: '{}' }, ['datadog-v1-masked']],
    ['v1 hidden by a v2 that is wrong', { ...check, [`${own}checks`]: '[]' }, [unreadable, 'datadog-v1-masked']],
    [
      'the tags of v1 beside v2',
      { [`${own}checks`]: '{}', [`${own}ignore_autodiscovery_tags`]: 'true' },
      ['datadog-v1-masked'],
    ],
    ['tags turned off', { ...check, [`${own}ignore_autodiscovery_tags`]: 'T' }, []],
    ['tags turned off in words', { ...check, [`${own}ignore_autodiscovery_tags`]: 'yes' }, ['datadog-boolean']],
    ['logs', { [`${own}logs`]: '[{"source":"istio","service":"a"}]' }, []],
    ['logs that are no list', { [`${own}logs`]: '{"source":"istio"}' }, [unreadable]],
    ['logs that are no JSON', { [`${own}logs`]: 'istio' }, [unreadable]],
    ['logs with a variable', { [`${own}logs`]: '[{"service":"%%sevice%%"}]' }, ['datadog-unknown-variable']],
    ['tags', { [`${own}tags`]: '{"team":"a"}' }, []],
    ['tags that are a list', { [`${own}tags`]: '["team:a"]' }, [unreadable]],
    ['a cardinality', { ...check, [`${own}check_tag_cardinality`]: 'orchestrator' }, []],
    ['a cardinality that nobody knows', { ...check, [`${own}check_tag_cardinality`]: 'medium' }, ['datadog-value']],
    ['exclusion', { [`${own}exclude`]: 'true', 'ad.datadoghq.com/logs_exclude': 'false' }, []],
    [
      'exclusion in words',
      { [`${own}logs_exclude`]: 'yes', 'ad.datadoghq.com/exclude': 'on' },
      ['datadog-boolean', 'datadog-boolean'],
    ],
    ['checks before the Pod is ready', { 'ad.datadoghq.com/tolerate-unready': 'true' }, []],
    ['the same in another spelling', { 'ad.datadoghq.com/tolerate-unready': 'True' }, ['datadog-boolean']],
  ])('%s', (_, annotations, faults) => expect(onPod(annotations)).toEqual(faults));
});

describe('whom an annotation on a Pod is for', () => {
  const stray = 'datadog-unknown-container';
  const key = (id: string): Annotations => ({ [`ad.datadoghq.com/${id}`]: '{"istio":{"instances":[{}]}}' });
  test.each<[string, Annotations, readonly string[], readonly ReasonCode[]]>([
    ['one of its containers', key('app.checks'), ['app'], []],
    ['none of its containers', key('ap.checks'), ['app'], [stray]],
    ['a container without name', key('.checks'), ['app'], [stray]],
    ['no container at all', key('app.checks'), [], [stray]],
    ['several annotations, once', { ...key('ap.checks'), ...key('ap.logs') }, ['app'], [stray]],
    ['the proxy that the mesh adds', key('istio-proxy.checks'), ['app'], []],
    ['the proxy, kept away', { ...key('istio-proxy.checks'), 'sidecar.istio.io/inject': 'false' }, ['app'], [stray]],
    [
      'a container by another identifier',
      { ...key('own.checks'), 'ad.datadoghq.com/app.check.id': 'own' },
      ['app'],
      [],
    ],
    [
      'its name, which the identifier replaces',
      { ...key('app.checks'), 'ad.datadoghq.com/app.check.id': 'own' },
      ['app'],
      [stray],
    ],
    ['an identifier for no container', { 'ad.datadoghq.com/ap.check.id': 'own' }, ['app'], [stray]],
    ['endpoints', key('endpoints.checks'), ['app'], ['datadog-wrong-object']],
    ['a Service', key('service.checks'), ['app'], ['datadog-wrong-object']],
    ['a container that is called like that', key('service.checks'), ['service'], []],
    [
      'the Pod as a whole',
      { 'ad.datadoghq.com/tags': '{"team":"a"}', 'ad.datadoghq.com/exclude': 'true' },
      ['app'],
      [],
    ],
    ['somebody else', { 'admission.datadoghq.com/java-lib.version': 'v1' }, ['app'], []],
  ])('%s', (_, annotations, containers, faults) => expect(onPod(annotations, containers)).toEqual(faults));

  test('an init container counts', () => {
    const pod: Pod = { metadata: { annotations: key('setup.checks') }, spec: { initContainers: [{ name: 'setup' }] } };
    expect(datadogPodFaults(pod)).toEqual([]);
  });

  test('the fault names the containers that are there', () => {
    expect(datadogPodFaults(podWith(key('ap.checks'), ['app', 'worker']))[0]?.message).toBe(
      'ad.datadoghq.com/ap.checks: no container is called "ap", there is app, worker',
    );
  });
});

describe('the old prefix', () => {
  const legacy = (id: string, ...keys: readonly string[]): Annotations =>
    Object.fromEntries(keys.map((key) => [`service-discovery.datadoghq.com/${id}.${key}`, '[]']));
  test.each<[string, Annotations, readonly ReasonCode[]]>([
    ['v1 on a Pod', legacy('app', 'check_names', 'init_configs', 'instances'), []],
    ['half of v1 on a Pod', legacy('app', 'check_names'), ['datadog-v1-incomplete']],
    ['v2 on a Pod', legacy('app', 'checks'), ['datadog-legacy-prefix']],
    [
      'v1 beside the new prefix',
      { ...legacy('app', 'check_names', 'init_configs', 'instances'), 'ad.datadoghq.com/app.checks': '{}' },
      ['datadog-v1-masked'],
    ],
    ['a container that is not there', legacy('ap', 'check_names'), ['datadog-unknown-container']],
  ])('%s', (_, annotations, faults) => expect(onPod(annotations)).toEqual(faults));

  test.each(['check_names', 'checks'])('%s on a Service', (key) => {
    expect(onService(legacy('endpoints', key))).toEqual(['datadog-legacy-prefix']);
  });
});

describe('on a Service', () => {
  const checks = '{"istio":{"instances":[{}]}}';
  test.each<[string, Annotations, readonly ReasonCode[]]>([
    ['checks for a container', { 'ad.datadoghq.com/app.checks': checks }, ['datadog-wrong-object']],
    ['exclusion by its own name', { 'ad.datadoghq.com/istiod.exclude': 'true' }, []],
    ['endpoints resolved by IP', { 'ad.datadoghq.com/endpoints.resolve': 'ip' }, []],
    ['endpoints resolved as nobody knows', { 'ad.datadoghq.com/endpoints.resolve': 'node' }, ['datadog-value']],
    ['a Service resolved', { 'ad.datadoghq.com/service.resolve': 'ip' }, ['datadog-no-effect']],
    ['cardinality of a Service', { 'ad.datadoghq.com/service.check_tag_cardinality': 'low' }, []],
    ['cardinality of endpoints', { 'ad.datadoghq.com/endpoints.check_tag_cardinality': 'low' }, ['datadog-no-effect']],
    ['both at once', { 'ad.datadoghq.com/service.checks': checks, 'ad.datadoghq.com/endpoints.checks': checks }, []],
  ])('%s', (_, annotations, faults) => expect(onService(annotations)).toEqual(faults));
});

/** `facts/datadog.md` §1.7. */
describe('template variables', () => {
  const using = (text: string): Annotations => ({
    'ad.datadoghq.com/app.checks': JSON.stringify({ istio: { instances: [{ deep: [{ url: text }] }] } }),
  });
  test.each([
    'http://%%host%%:15014/metrics',
    '%%host_bridge%%',
    '%%port%%',
    '%%port_0%%',
    'http://%%host%%:%%port_http-monitoring%%/x',
    '%%pid%%',
    '%%hostname%%',
    '%%env_DD_ENV%%',
    '%%extra_anything%%',
    '%%kube_namespace%%',
    '%%kube_pod_name%%',
    '%%kube_pod_uid%%',
    '100%%',
    '%%%%',
    '%%%%%',
    '100%',
    'a %% \n %% b',
  ])('%j is known, or none', (text) => expect(onPod(using(text))).toEqual([]));

  test.each([
    ['%%hots%%', '%%hots%%'],
    ['%%Host%%', '%%Host%%'],
    ['http://%%host%%:%%prot_0%%', '%%prot_0%%'],
    ['%%env%%', '%%env%%'],
    ['%%kube_pod%%', '%%kube_pod%%'],
    ['%%%host%%', '%%...%%'],
    ['50%% of 100%%', '%%...%%'],
    ['%%%%host%%', '%%...%%'],
  ])('%j is not', (text, variable) => {
    expect(datadogPodFaults(podWith(using(text)))).toMatchObject([
      {
        code: 'datadog-unknown-variable',
        message: `ad.datadoghq.com/app.checks: ${variable} is no template variable: write one such as %%host%%`,
      },
    ]);
  });
});

test('no fault quotes a value, which may hold a password', () => {
  const secret = 's3cret';
  const values = [`{"redis":{"instances":["${secret}"]}}`, `{"redis":{"password":"${secret}"}}`, `{"x": "${secret}"`];
  const rest = [`["${secret}"]`, `"${secret}"`, secret];
  const messages = [...values, ...rest].flatMap((value) =>
    ['checks', 'instances', 'check_names', 'logs', 'tags'].flatMap((key) => [
      ...datadogPodFaults(podWith({ [`ad.datadoghq.com/app.${key}`]: value })),
      ...datadogPodFaults(podWith({ ...v1('app', ['["a"]', '[{}]', '[{}]']), [`ad.datadoghq.com/app.${key}`]: value })),
    ]),
  );
  expect(messages.length).toBeGreaterThan(20);
  for (const { message } of messages) expect(message).not.toContain(secret);
});

test('a value that nests deeper than a stack is read', () => {
  const deep = `{"x":{"instances":[{"a":${'['.repeat(100_000)}"%%no%%"${']'.repeat(100_000)}}]}}`;
  expect(onPod({ 'ad.datadoghq.com/app.checks': deep })).toEqual(['datadog-unknown-variable']);
});
