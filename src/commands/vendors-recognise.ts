import { subjectOf } from '../engine/template.js';
import { positionOf } from '../manifests/position.js';
import { type Manifest, readManifests } from '../manifests/read.js';
import { unpack } from '../manifests/unpack.js';
import { asRecord, asText } from '../model/json.js';
import { type Path, showPath } from '../model/problem.js';
import { parseObject } from '../model/shape.js';
import type { Cluster } from '../policy/policy.js';
import { type RecognisedPod, recognisedJson, recognisedText } from '../reports/recognised.js';
import { showProblem } from '../reports/reviewed.js';
import { catalog } from '../vendors/catalog.js';
import { recogniseIstioComponent } from '../vendors/istio.js';
import { createRecogniser } from '../vendors/recognise.js';
import { customVendor, type Vendor } from '../vendors/vendor.js';
import { readInputs } from './inputs/inputs.js';
import { loadPolicy } from './policy-file.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

export type RecogniseOptions = {
  readonly policy?: string;
  /** For objects that do not say which namespace they are for. */
  readonly namespace: string;
  readonly output: 'text' | 'json';
};

/** Says whose agent each Pod is, also those that workloads create, and by what evidence. */
export async function recognise(
  paths: readonly string[],
  { policy, namespace, output }: RecogniseOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = await loadPolicy(policy);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const inputs = await readInputs(paths, terminal);
  const name = naming(loaded.policy.spec.cluster);
  const manifests = inputs.sources.flatMap(({ file, text }) => readManifests(file, text));
  const found = manifests.flatMap((manifest) => recogniseIn(manifest, { namespace, name }));
  const pods = found.flatMap((one) => ('pod' in one ? [one.pod] : []));
  const problems = [
    ...inputs.problems.map(showProblem),
    ...found.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  ];
  terminal.out(output === 'json' ? recognisedJson(pods) : recognisedText(pods));
  if (problems.length > 0) return usageError(terminal, problems);
  return pods.length > 0 ? exit.clean : usageError(terminal, ['nothing to recognise: no Pod or workload in the input']);
}

type Found = { readonly pod: RecognisedPod } | { readonly problem: string };

/** The Pods of one document, and what is wrong with it. */
function recogniseIn(manifest: Manifest, settings: Recognising): readonly Found[] {
  const problems = manifest.problems.map(({ line, column, message }) => ({
    problem: `${manifest.file}:${line}:${column}: ${message}`,
  }));
  const found = unpack(manifest).flatMap(({ value, path }): readonly Found[] => {
    const one = recogniseValue(unwrap(value), settings);
    if (one === undefined) return [];
    if (!('pod' in one)) return [{ problem: tell(manifest, path, one) }];
    return [{ pod: { ...one.pod, file: manifest.file, ...positionOf(manifest, path) } }];
  });
  return [...problems, ...found];
}

type Named = Pick<RecognisedPod, 'agent' | 'istio'>;
type Problem = { readonly at: Path; readonly message: string };

/** Holds a Pod against all that is known, whatever the policy chooses of it. */
function naming({ agents, istioNamespace }: Cluster) {
  const vendors: readonly Vendor[] = [...catalog, ...agents.map(customVendor)];
  const { recogniseAgent } = createRecogniser(vendors);
  return (pod: Parameters<typeof recogniseAgent>[0], namespace: string): Named => {
    const agent = recogniseAgent(pod);
    if (agent === undefined) {
      const istio = recogniseIstioComponent(pod, namespace, istioNamespace);
      return istio === undefined ? {} : { istio };
    }
    const isKept = vendors.some(({ id, byDefault }) => id === agent.vendor.id && byDefault);
    return { agent: { ...agent, recognised: isKept ? 'by default' : 'when asked for' } };
  };
}

type Recognising = { readonly namespace: string; readonly name: ReturnType<typeof naming> };

function recogniseValue(
  { value, path }: Unwrapped,
  settings: Recognising,
): { readonly pod: Omit<RecognisedPod, 'file' | 'line' | 'column'> } | Problem | undefined {
  const manifest = asRecord(value);
  const metadata = asRecord(manifest['metadata']);
  const namespace = asText(metadata['namespace']) || settings.namespace;
  const subject = subjectOf(value, namespace);
  if (subject?.kind !== 'Pod') return undefined;
  const parsed = parseObject('Pod', subject.object);
  if ('problem' in parsed) {
    const { expected, got } = parsed.problem;
    return { at: [...path, ...subject.path, ...parsed.problem.path], message: `expected ${expected}, got ${got}` };
  }
  const name = asText(metadata['name']) || asText(metadata['generateName']);
  return { pod: { kind: asText(manifest['kind']), name, namespace, ...settings.name(parsed.value, namespace) } };
}

type Unwrapped = { readonly value: unknown; readonly path: Path };

/** The object of an AdmissionReview; anything else is itself. */
function unwrap(value: unknown): Unwrapped {
  const review = asRecord(value);
  if (review['kind'] !== 'AdmissionReview') return { value, path: [] };
  return { value: asRecord(review['request'])['object'], path: ['request', 'object'] };
}

function tell(manifest: Manifest, path: Path, { at, message }: Problem): string {
  const { line, column } = positionOf(manifest, [...path, ...at]);
  return `${manifest.file}:${line}:${column}: ${showPath(at)}: ${message}`;
}
