import { afterAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { createProgram } from '../../src/commands/program.js';
import { datadogProducts, datadogSites } from '../../src/vendors/datadog-endpoints.js';
import { sysdigRegions } from '../../src/vendors/sysdig-endpoints.js';
import { type Candidate, istioFaults } from '../egress/istio-validation.js';
import { aloft, createFolders, within } from '../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

const egress = (line: string) => aloft(['egress', ...line.split(' ')]);
const objectsIn = (yaml: string): readonly Candidate[] =>
  parseAllDocuments(yaml, { version: '1.1' }).map((document) => document.toJS());
const hostsIn = (yaml: string): readonly string[] => objectsIn(yaml).flatMap(({ spec }) => spec.hosts ?? []);

describe('egress datadog', () => {
  test('prints what a site needs, said host by host', async () => {
    expect(await egress('datadog --site datadoghq.eu --product logs,apm --istio-version 1.28')).toEqual({
      code: 0,
      out: `---
# Datadog (datadoghq.eu)
# Hosts that Envoy resolves by itself.
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: datadog-fqdn-443
  namespace: istio-system
  labels:
    app.kubernetes.io/managed-by: aloft
    aloft.dev/egress: datadog
spec:
  hosts:
    - agent-http-intake.logs.datadoghq.eu # logs
    - api.datadoghq.eu # validity of API keys, events
    - app.datadoghq.eu # the same for agents before 7.18
    - http-intake.logs.datadoghq.eu # logs
    - instrumentation-telemetry-intake.datadoghq.eu # tracers' own telemetry
  exportTo:
    - "*"
  location: MESH_EXTERNAL
  ports:
    - number: 443
      name: tls-443
      protocol: TLS
  resolution: DNS
---
# Datadog (datadoghq.eu)
# Any host below these names. A wildcard cannot be resolved: the server name
# decides, and the caller chooses the address. For sidecars only: ztunnel knows
# no wildcards.
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: datadog-wildcard-443
  namespace: istio-system
  labels:
    app.kubernetes.io/managed-by: aloft
    aloft.dev/egress: datadog
spec:
  hosts:
    - "*.agent.datadoghq.eu" # metrics, traces, flares
  exportTo:
    - "*"
  location: MESH_EXTERNAL
  ports:
    - number: 443
      name: tls-443
      protocol: TLS
  resolution: NONE
`,
      err: '2 ServiceEntries for 6 hosts\n',
    });
  });

  test.each(datadogSites.map(({ site, name }) => [site, name]))('knows %s, also as %s', async (site, name) => {
    const { code, out } = await egress(`datadog --site ${site}`);
    expect(code).toBe(0);
    expect(await egress(`datadog --site ${name.toLowerCase()}`)).toMatchObject({ out });
    const hosts = hostsIn(out);
    expect(hosts.every((host) => host.endsWith(`.${site}`))).toBe(true);
    expect(hosts).toContain(`*.agent.${site}`);
    expect(hosts.length).toBe(3 + datadogProducts.flatMap((product) => product.hosts).length);
  });

  test('takes several sites', async () => {
    const both = await egress('datadog --site datadoghq.eu,us5.datadoghq.com');
    expect(hostsIn(both.out)).toEqual(hostsIn((await egress('datadog --site us5 --site datadoghq.eu')).out));
    expect(both.out).toContain('# Datadog (datadoghq.eu, us5.datadoghq.com)');
    expect(objectsIn(both.out).map(({ spec }) => spec.hosts?.length)).toEqual([46, 2]);
  });
});

describe('egress sysdig', () => {
  test.each([
    ['us1', ['443 app.sysdigcloud.com', '443 secure.sysdig.com', '6443 collector.sysdigcloud.com']],
    ['US2', ['443 us2.app.sysdig.com', '6443 ingest-us2.app.sysdig.com']],
    ['eu1', ['443 eu1.app.sysdig.com', '6443 ingest-eu1.app.sysdig.com']],
    ['au1', ['443 app.au1.sysdig.com', '6443 ingest.au1.sysdig.com']],
    ['us4-alt', ['443 app.us4.sysdig.com', '443 ingest-alt.us4.sysdig.com']],
    [
      'eu-de-monitor',
      [
        '443 eu-de.monitoring.cloud.ibm.com',
        '443 eu-de.security-compliance-secure.cloud.ibm.com',
        '6443 ingest.eu-de.monitoring.cloud.ibm.com',
      ],
    ],
    [
      'jp-tok-private-secure',
      [
        '443 private.jp-tok.monitoring.cloud.ibm.com',
        '443 private.jp-tok.security-compliance-secure.cloud.ibm.com',
        '6443 ingest.private.jp-tok.security-compliance-secure.cloud.ibm.com',
      ],
    ],
  ])('knows %s', async (region, expected) => {
    const { code, out } = await egress(`sysdig --region ${region}`);
    const lines = objectsIn(out).flatMap(({ spec }) =>
      (spec.hosts ?? []).flatMap((host) => (spec.ports ?? []).map(({ number }) => `${number} ${host}`)),
    );
    expect([code, lines]).toEqual([0, expected]);
  });

  test('knows each region by one name', () => {
    const regions = sysdigRegions.map(({ region }) => region);
    expect(new Set(regions).size).toBe(regions.length);
  });
});

describe('egress dynatrace', () => {
  test.each([
    'abc12345',
    'abc12345.live.dynatrace.com',
    'https://abc12345.live.dynatrace.com/api',
    'https://abc12345.apps.dynatrace.com/ui/apps',
    'ABC12345.apps.dynatrace.com',
  ])('makes an entry and routes of %s', async (environment) => {
    const { code, out } = await egress(`dynatrace --environment ${environment} --export-to .`);
    expect(code).toBe(0);
    const host = 'abc12345.live.dynatrace.com';
    const metadata = { name: 'dynatrace-fqdn-443', namespace: 'istio-system' };
    expect(objectsIn(out)).toMatchObject([
      {
        apiVersion: 'networking.istio.io/v1beta1',
        kind: 'ServiceEntry',
        metadata,
        spec: { hosts: [host], exportTo: ['.'], resolution: 'DNS' },
      },
      {
        apiVersion: 'networking.istio.io/v1beta1',
        kind: 'VirtualService',
        metadata,
        spec: {
          hosts: [host],
          exportTo: ['.'],
          tls: [
            { match: [{ port: 443, sniHosts: [host] }], route: [{ destination: { host, port: { number: 443 } } }] },
          ],
        },
      },
    ]);
  });

  test('keeps the address of Dynatrace Managed', async () => {
    const { out } = await egress('dynatrace --environment https://dt.example.com:8443/e/1234');
    expect(objectsIn(out)[0]?.spec).toMatchObject({ hosts: ['dt.example.com'], ports: [{ number: 8443 }] });
  });

  test('takes the list of endpoints that the API has, HTTP by host', async () => {
    const list =
      'https://203.0.113.7:9999/communication;https://[2001:db8::7]:9999/communication,http://ag.example.com';
    const { out, err } = await egress(`dynatrace --environment abc12345 --endpoint ${list}`);
    expect(err).toBe('4 ServiceEntries for 4 hosts; 2 VirtualServices\n');
    expect(objectsIn(out).flatMap(istioFaults)).toEqual([]);
    expect(objectsIn(out).flatMap(({ spec }) => spec.addresses ?? [])).toEqual(['2001:db8::7/128', '203.0.113.7/32']);
    expect(out).toContain('- 203.0.113.7/32 # given with --endpoint\n');
    expect(objectsIn(out).find(({ spec }) => spec.http)?.spec.http).toEqual([
      {
        match: [
          { port: 80, authority: { exact: 'ag.example.com' } },
          { port: 80, authority: { exact: 'ag.example.com:80' } },
        ],
        route: [{ destination: { host: 'ag.example.com', port: { number: 80 } } }],
      },
    ]);
  });
});

describe('egress endpoints', () => {
  test('prints whatever is listed', async () => {
    const { code, out } = await egress(
      'endpoints otlp.example.com:4317 *.example.org --name otlp -n on --istio-version 1.0',
    );
    expect(code).toBe(0);
    expect(objectsIn(out)).toMatchObject([
      {
        metadata: { name: 'otlp-fqdn-4317', namespace: 'on' },
        spec: { hosts: ['otlp.example.com'], resolution: 'DNS' },
      },
      {
        metadata: { name: 'otlp-wildcard-443', namespace: 'on' },
        spec: { hosts: ['*.example.org'], resolution: 'NONE' },
      },
    ]);
    // Istio 1.0 does not know exportTo.
    expect(out).not.toContain('exportTo');
    expect(out).toContain('apiVersion: networking.istio.io/v1alpha3\n');
  });

  test('prints JSON that kubectl takes', async () => {
    const { out } = await egress('endpoints a.example.com -o json');
    expect(JSON.parse(out)).toMatchObject({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ kind: 'ServiceEntry', metadata: { name: 'egress-fqdn-443' } }],
    });
  });
});

const theirs = (spec: string, name = 'theirs') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ${name}, namespace: team}\nspec: ${spec}\n`;
const https = 'ports: [{number: 443, name: https, protocol: HTTPS}]';

/** Runs `aloft egress sysdig --region us2` beside manifests. */
async function beside(files: Readonly<Record<string, string>>, more: readonly string[] = []) {
  const dir = await folders.create(files);
  const given = Object.keys(files).flatMap((file) => ['-f', `${dir}/${file}`]);
  return within(dir, await aloft(['egress', 'sysdig', '--region', 'us2', ...given, ...more]));
}

describe('beside given objects', () => {
  test('leaves out what is let through already, and is clean', async () => {
    const { code, out, err } = await beside({ 'a.yaml': `# a\n${theirs(`{hosts: [us2.app.sysdig.com], ${https}}`)}` });
    expect([code, hostsIn(out)]).toEqual([0, ['ingest-us2.app.sysdig.com']]);
    expect(err).toBe(
      'a.yaml:2:1: ServiceEntry team/theirs lets us2.app.sysdig.com through already: left out\n' +
        '1 ServiceEntry for 1 host; 1 left out; compared with 1 given object\n',
    );
  });

  test('prints nothing where nothing is missing', async () => {
    const ports = 'ports: [{number: 443, name: a, protocol: TLS}, {number: 6443, name: b, protocol: TLS}]';
    const ran = await beside({ 'a.yaml': theirs(`{hosts: ['*.sysdig.com'], ${ports}}`) });
    expect([ran.code, ran.out]).toEqual([0, '']);
  });

  test('tells a conflict, and what to do, and prints the rest', async () => {
    const list = JSON.stringify({
      kind: 'List',
      items: [{ kind: 'Pod' }, parseAllDocuments(theirs(`{hosts: [ingest-us2.app.sysdig.com], ${https}}`))[0]?.toJS()],
    });
    const { code, out, err } = await beside({ 'a.json': list });
    expect([code, hostsIn(out)]).toEqual([1, ['us2.app.sysdig.com']]);
    expect(err.split('\n')[0]).toBe(
      `a.json:1:${list.indexOf('{"apiVersion"') + 1}: ServiceEntry team/theirs has ingest-us2.app.sysdig.com, ` +
        'but not for all that is needed: left out; add port 6443 with protocol TLS',
    );
  });

  test('names few of many hosts', async () => {
    const hosts = '[ingest-us2.app.sysdig.com, us2.app.sysdig.com, a.example.com, b.example.com]';
    const more = [
      '--endpoint',
      'a.example.com:1',
      '--endpoint',
      'b.example.com:1',
      '--endpoint',
      'us2.app.sysdig.com:1',
    ];
    const { err } = await beside({ 'a.yaml': theirs(`{hosts: ${hosts}, ports: []}`) }, more);
    expect(err).toContain('has a.example.com, b.example.com, but not');
    const { err: many } = await beside(
      {
        'a.yaml': theirs(`{hosts: ['*.com'], ports: [{number: 443, protocol: TLS}, {number: 6443, protocol: TLS}]}`),
      },
      ['--endpoint', 'c.example.com', '--endpoint', 'd.example.com'],
    );
    expect(many).toContain('lets c.example.com, d.example.com and 2 more through already');
  });

  test('is no obstacle to itself, and tells what is left of an earlier run', async () => {
    const { out } = await egress('sysdig --region us2');
    expect(await beside({ 'own.yaml': out })).toMatchObject({ code: 0, out });
    const { code, err } = await beside({ 'own.yaml': out.replace('sysdig-fqdn-443', 'sysdig-fqdn-1') });
    expect(code).toBe(1);
    expect(err).toContain('ServiceEntry istio-system/sysdig-fqdn-1 is of an earlier run, and no longer asked for: ');
    expect(err).toContain(': kubectl delete serviceentry -n istio-system sysdig-fqdn-1\n');
  });

  test('routes nothing twice', async () => {
    const router = theirs('{hosts: [abc12345.live.dynatrace.com]}').replace('ServiceEntry', 'VirtualService');
    const dir = await folders.create({ 'vs.yaml': router });
    const ran = within(dir, await egress(`dynatrace --environment abc12345 -f ${dir}/vs.yaml`));
    expect([ran.code, objectsIn(ran.out).map(({ kind }) => kind)]).toEqual([0, ['ServiceEntry']]);
    expect(ran.err.split('\n')[0]).toBe(
      'vs.yaml:1:1: VirtualService team/theirs routes abc12345.live.dynatrace.com already: no route for it here',
    );
  });
});

describe('what is wrong exits with 2, says so, and prints nothing:', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a site mistyped',
      'datadog --site datadogh.eu',
      ['--site: "datadogh.eu" is not known: did you mean "datadoghq.eu"?'],
    ],
    [
      'a product unknown',
      'datadog --site us1 --product zzzzzzzz',
      [`--product: "zzzzzzzz" is not known: expected one of ${datadogProducts.map(({ id }) => id).join(', ')}`],
    ],
    [
      'a region mistyped',
      'sysdig --region eu-de-monitro',
      ['--region: "eu-de-monitro" is not known: did you mean "eu-de-monitor"?'],
    ],
    [
      'no environment',
      'dynatrace --environment http://',
      ['--environment: "http://": expected host, host:port or https://host:port'],
    ],
    [
      'everything at once',
      'endpoints a_b.com --endpoint 10.0.0.0/8 -n A --export-to *,b --istio-version x --name 1',
      [
        'endpoint: "a_b.com": expected labels of a-z, 0-9 and "-", at most 63 characters each, got "a_b"',
        '--endpoint: "10.0.0.0/8": expected one address, not a block',
        '--istio-version: expected a version of Istio such as 1.28, got "x"',
        '--export-to: "*" is everywhere: expected it alone',
        '--namespace: expected a namespace (a-z, 0-9, "-"), got "A"',
        '--name: expected at most 40 of a-z, 0-9 and "-", with a letter first, got "1"',
      ],
    ],
    [
      'an Istio that exports everywhere',
      'endpoints a.com --istio-version 1.0 --export-to .',
      ['--export-to: Istio 1.0 exports everything everywhere: expected "*"'],
    ],
    [
      'a port of two kinds',
      'endpoints a.com http://b.com:443',
      ['port 443 is TLS for a.com and plain HTTP for b.com: Istio keeps only one of them'],
    ],
    ['a file that is not there', 'sysdig --region us2 -f gone.yaml', ['gone.yaml: no such file or folder']],
  ])('%s', async (_, line, problems) => {
    expect(await egress(line)).toEqual({
      code: 2,
      out: '',
      err: problems.map((problem) => `aloft: ${problem}\n`).join(''),
    });
  });

  test.each([
    ['a manifest that is broken', 'a: [\n', /^aloft: a\.yaml:\d+:\d+: /],
    [
      'hosts that are no list',
      theirs('\n  hosts: a.com'),
      'aloft: a.yaml:5:3: spec.hosts: expected a list of strings\n',
    ],
    [
      'the name of a stranger',
      theirs(`{hosts: [a.com], ${https}}`, 'sysdig-fqdn-443').replace('team', 'istio-system'),
      'aloft: a.yaml:1:1: ServiceEntry istio-system/sysdig-fqdn-443 is not of this command, and would be replaced: choose a --name\n',
    ],
  ])('%s', async (_, text, message) => {
    const { code, out, err } = await beside({ 'a.yaml': text });
    expect([code, out]).toEqual([2, '']);
    expect(err).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test.each([
    ['datadog', "error: required option '--site <site>' not specified\n"],
    ['sysdig', "error: required option '--region <region>' not specified\n"],
    ['dynatrace', "error: required option '--environment <address>' not specified\n"],
    ['endpoints', "error: missing required argument 'endpoints'\n"],
    ['dynatrce', "error: unknown command 'dynatrce'\n(Did you mean dynatrace?)\n"],
  ])('%s alone', async (vendor, err) => expect(await egress(vendor)).toEqual({ code: 2, out: '', err }));
});

describe('--help', () => {
  const vendors = ['datadog', 'sysdig', 'dynatrace', 'endpoints'];

  test.each(['', ...vendors])(
    'of `aloft egress %s` fits 80 columns, and begins with examples that parse',
    async (vendor) => {
      const { code, out, err } = await aloft(['egress', vendor, '--help'].filter(Boolean));
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^Examples:\n {2}# .+\n {2}aloft .+\n/);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(out).not.toMatch(/default: (\[\]|false|undefined)/);
      for (const [, line = ''] of out.matchAll(/^ {2}(aloft egress [^|\n]+)/gm)) {
        const terminal = { out: () => undefined, err: () => undefined, stdin: async () => '', colour: false };
        const program = createProgram(terminal, () => undefined);
        const [command] = program.commands.filter((one) => one.name() === 'egress');
        for (const sub of command?.commands ?? []) sub.action(() => undefined);
        const args = line.trim().replaceAll("'", '').split(' ').slice(1);
        await expect(program.parseAsync(args, { from: 'user' })).resolves.toBeDefined();
      }
    },
  );

  test.each(vendors)('of `aloft egress %s` says what it exits with', async (vendor) => {
    expect((await egress(`${vendor} --help`)).out).toContain('Exit codes: 0 clean');
  });
});
