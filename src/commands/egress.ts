import { parseEndpoint } from '../egress/endpoint-text.js';
import { type Given, readGiven } from '../egress/given.js';
import { anyIstio, istioApi } from '../egress/istio-version.js';
import { type EgressPlan, planEgress } from '../egress/plan.js';
import { isNamespace, parseExportTo } from '../egress/visibility.js';
import { positionOf } from '../manifests/position.js';
import { readManifests } from '../manifests/read.js';
import { unpack } from '../manifests/unpack.js';
import { showPath } from '../model/problem.js';
import { egressJson, egressYaml } from '../reports/egress.js';
import { showProblem } from '../reports/reviewed.js';
import { splitEndpoints } from '../vendors/dynatrace-endpoints.js';
import type { Endpoint } from '../vendors/endpoint.js';
import { describeLeftOut, describeRouted, describeStale, summarise } from './egress-messages.js';
import { readInputs } from './inputs/inputs.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

export type EgressOptions = {
  readonly namespace: string;
  readonly exportTo?: readonly string[];
  readonly istioVersion?: string;
  readonly filename?: readonly string[];
  readonly output: 'yaml' | 'json';
  readonly name?: string;
  readonly endpoint?: readonly string[];
};

/** Endpoints as a vendor's own options name them, or what is wrong with those. */
export type Target = {
  /** For people: `Datadog (datadoghq.eu)`. */
  readonly title: string;
  /** The beginning of the objects' names, unless the user says otherwise. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  readonly routes: boolean;
  readonly problems: readonly string[];
};

/** Prints the objects that let the mesh reach a vendor, as far as given ones do not do so yet. */
export async function egress(target: Target, options: EgressOptions, terminal: Terminal): Promise<ExitCode> {
  const { namespace, name = target.name } = options;
  const api = options.istioVersion === undefined ? { api: anyIstio } : istioApi(options.istioVersion);
  const exported = parseExportTo(options.exportTo ?? ['*'], namespace);
  const more = parseEndpoints('--endpoint', options.endpoint ?? [], 'given with --endpoint');
  const given = await readGivens(options, terminal);
  const problems = [
    ...target.problems,
    ...more.problems,
    ...('problem' in api ? [`--istio-version: ${api.problem}`] : oldExport(api.api.exportTo, options)),
    ...('problem' in exported ? [`--export-to: ${exported.problem}`] : []),
    ...(isNamespace(namespace) ? [] : [`--namespace: expected a namespace (a-z, 0-9, "-"), got "${namespace}"`]),
    ...(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name) ? [] : [nameProblem(name)]),
    ...given.problems,
  ];
  if (problems.length > 0 || 'problem' in api || 'problem' in exported) return usageError(terminal, problems);
  const plan = planEgress({
    name,
    namespace,
    exportTo: exported.exportTo,
    api: api.api,
    endpoints: [...target.endpoints, ...more.endpoints],
    routes: target.routes,
    given: given.given,
  });
  if ('problems' in plan) return usageError(terminal, plan.problems);
  return print(plan, { title: target.title, output: options.output, compared: given.given.length }, terminal);
}

type Printing = { readonly title: string; readonly output: 'yaml' | 'json'; readonly compared: number };

function print(plan: EgressPlan, { title, output, compared }: Printing, terminal: Terminal): ExitCode {
  terminal.out(output === 'json' ? egressJson(plan.planned) : egressYaml(plan.planned, title));
  const lines = [...describeLeftOut(plan.leftOut), ...describeRouted(plan.routed), ...describeStale(plan.stale)];
  for (const line of [...lines, summarise(plan, compared)]) terminal.err(`${line}\n`);
  const conflicts = plan.leftOut.filter(({ missing }) => missing !== undefined).length + plan.stale.length;
  return conflicts > 0 ? exit.findings : exit.clean;
}

/** Endpoints written by hand, also several in one text, or what is wrong with them. */
export function parseEndpoints(
  option: string,
  texts: readonly string[],
  purpose: string,
): { readonly endpoints: readonly Endpoint[]; readonly problems: readonly string[] } {
  const parsed = texts.flatMap(splitEndpoints).map((text) => parseEndpoint(text, purpose));
  return {
    endpoints: parsed.flatMap((one) => ('endpoint' in one ? [one.endpoint] : [])),
    problems: parsed.flatMap((one) => ('problem' in one ? [`${option}: ${one.problem}`] : [])),
  };
}

/** What is in the cluster already, as far as the user gives it. */
async function readGivens(
  { filename = [], namespace }: EgressOptions,
  terminal: Terminal,
): Promise<{ readonly given: readonly Given[]; readonly problems: readonly string[] }> {
  const inputs = await readInputs(filename, terminal);
  const given: Given[] = [];
  const problems = inputs.problems.map(showProblem);
  for (const manifest of inputs.sources.flatMap(({ file, text }) => readManifests(file, text))) {
    const at = ({ line, column }: { readonly line: number; readonly column: number }) =>
      `${manifest.file}:${line}:${column}`;
    problems.push(...manifest.problems.map((problem) => `${at(problem)}: ${problem.message}`));
    for (const { value, path } of unpack(manifest)) {
      const read = readGiven(value, { namespace, where: at(positionOf(manifest, path)) });
      if (read === undefined) continue;
      if ('given' in read) given.push(read.given);
      else {
        const { problem } = read;
        const place = at(positionOf(manifest, [...path, ...problem.path]));
        problems.push(`${place}: ${showPath(problem.path)}: ${problem.message}`);
      }
    }
  }
  return { given, problems };
}

const oldExport = (known: boolean, { exportTo = ['*'], istioVersion }: EgressOptions): readonly string[] =>
  known || exportTo.every((where) => where === '*')
    ? []
    : [`--export-to: Istio ${istioVersion} exports everything everywhere: expected "*"`];

const nameProblem = (name: string): string =>
  `--name: expected at most 40 of a-z, 0-9 and "-", with a letter first, got "${name}"`;
