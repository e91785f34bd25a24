import { type Command, Option } from 'commander';
import { datadogProducts, datadogSites } from '../vendors/datadog-endpoints.js';
import type { EgressOptions, Target } from './egress.js';
import { collect, type Done, parseList, withExamples } from './options.js';
import type { Terminal } from './terminal.js';

/** `aloft egress`: a subcommand for each vendor, and one for whatever the user lists. */
export function addEgress(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(program.command('egress'), [
    ['aloft egress datadog --site datadoghq.eu | kubectl apply -f -', 'let the mesh reach Datadog'],
    ['aloft egress sysdig --region us2 --istio-version 1.20', 'for the API of an older Istio'],
    ['aloft egress dynatrace --environment abc12345 -f mesh/', 'what mesh/ does not let through yet'],
  ]).description('print ServiceEntries that let workloads of the mesh reach a vendor');
  const start = async (target: (targets: Targets) => Target, options: EgressOptions): Promise<void> => {
    const [targets, { egress }] = await Promise.all([import('./egress-targets.js'), import('./egress.js')]);
    done(await egress(target(targets), options, terminal));
  };
  addDatadog(command, start);
  addSysdig(command, start);
  addDynatrace(command, start);
  addEndpoints(command, start);
}

type Targets = typeof import('./egress-targets.js');
type Start = (target: (targets: Targets) => Target, options: EgressOptions) => Promise<void>;

function addDatadog(egress: Command, start: Start): void {
  const command = withExamples(egress.command('datadog'), [
    ['aloft egress datadog --site datadoghq.eu', 'all that agents and tracers of this site send to'],
    ['aloft egress datadog --site datadoghq.com --product apm,logs', 'for these products only'],
  ])
    .description('print what lets workloads reach a site of Datadog')
    .requiredOption(
      '--site <site>',
      `as in DD_SITE; may be repeated: ${names(datadogSites.map(({ site }) => site))}`,
      list,
    )
    .option('--product <product>', `these only (default: all): ${names(datadogProducts.map(({ id }) => id))}`, list);
  addShared(command).action((options: EgressOptions & { site: string[]; product?: string[] }) =>
    start(({ datadogTarget }) => datadogTarget(options), options),
  );
}

function addSysdig(egress: Command, start: Start): void {
  const command = withExamples(egress.command('sysdig'), [
    ['aloft egress sysdig --region us2', 'collector and API of a region'],
    ['aloft egress sysdig --region eu-de-private-monitor', "on IBM Cloud's private network"],
  ])
    .description('print what lets workloads reach a region of Sysdig')
    .requiredOption('--region <region>', "as in Sysdig's Helm charts: us1, eu1, us4-alt; may be repeated", list);
  addShared(command).action((options: EgressOptions & { region: string[] }) =>
    start(({ sysdigTarget }) => sysdigTarget(options), options),
  );
}

function addDynatrace(egress: Command, start: Start): void {
  const command = withExamples(egress.command('dynatrace'), [
    ['aloft egress dynatrace --environment abc12345', 'with VirtualServices, as its operator makes them'],
    ['aloft egress dynatrace --environment abc12345 --endpoint 203.0.113.7:9999', 'with an ActiveGate'],
  ])
    .description('print what lets workloads reach an environment of Dynatrace')
    .requiredOption('--environment <address>', 'its address or id; may be repeated', list)
    .addHelpText('after', dynatraceNote);
  addShared(command).action((options: EgressOptions & { environment: string[] }) =>
    start(({ dynatraceTarget }) => dynatraceTarget(options), options),
  );
}

function addEndpoints(egress: Command, start: Start): void {
  const command = withExamples(egress.command('endpoints'), [
    ['aloft egress endpoints otlp.example.com:4317 --name otlp', 'a collector of your own, over TLS'],
    ["aloft egress endpoints '*.example.com' '[2001:db8::1]:6443'", 'any name below one, and an address'],
  ])
    .description('print what lets workloads reach hosts that you list')
    .argument('<endpoints...>', 'host, host:port, [IPv6]:port or URL; TLS unless http://');
  addShared(command).action((endpoints: string[], options: EgressOptions) =>
    start(({ listedTarget }) => listedTarget(endpoints, options.name ?? 'egress'), options),
  );
}

const addShared = (command: Command): Command =>
  command
    .option('--endpoint <endpoint>', 'one more: host, host:port, [IPv6]:port or URL; may be repeated', collect)
    .option('-n, --namespace <name>', 'of the objects, and of given ones that name none', 'istio-system')
    .option('--export-to <where>', 'who may use them: "*", "." or namespaces (default: "*")', list)
    .option('--istio-version <version>', 'for its API (default: what Istio 1.5 and later take)')
    .option('--name <name>', 'beginning of their names (default: that of the vendor)')
    .option('-f, --filename <path>', 'leave out what these manifests have already; may be repeated', collect)
    .addOption(new Option('-o, --output <format>', 'how to print them').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', exitCodes);

/** Several in one text, or the option again. */
const list = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...parseList(text)];

const names = (all: readonly string[]): string => all.join(', ');

const dynatraceNote = `
Dynatrace tells its agents where to send, and changes that while it runs. Give
--endpoint the list that its API has at the time, just as it is:
/api/v1/deployment/installer/agent/connectioninfo/endpoints`;

const exitCodes = `
Exit codes: 0 clean, also where all is let through already; 1 a conflict with a
given object: what it concerns is left out; 2 wrong usage or input; 3 a fault of
aloft.`;
