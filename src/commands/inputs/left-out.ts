import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { InputProblem } from '../../reports/reviewed.js';
import type { Source } from './inputs.js';
import { isKustomization, patchFiles } from './kustomizations.js';

/** Texts that were found and not named, with what is no manifest taken out of them. */
export type Kept = {
  readonly sources: readonly Source[];
  readonly problems: readonly InputProblem[];
  readonly leftOut: readonly InputProblem[];
};

/**
 * Among files that were found and not named, not everything is a manifest: what never says `kind` cannot be one; the
 * templates of a chart are one only once they are rendered, and are told as one problem; a kustomization is read by
 * kustomize alone, and so are its patches, which look like objects that lack most of what they need.
 */
export function keepManifests(found: readonly Source[]): Kept {
  const patches = new Set<string>();
  const leftOut: InputProblem[] = [];
  for (const { file, text } of found) {
    if (!isKustomization(basename(file))) continue;
    const folder = dirname(file);
    const own = patchFiles(file, text).map((path) => join(folder, path));
    for (const path of own) patches.add(path);
    if (own.length > 0)
      leftOut.push({ file: folder, message: `its patches are left out: ${renderKustomization(folder)}` });
  }
  const charts = new Set<string>();
  const sources = found.filter(({ file, text }) => {
    if (isKustomization(basename(file)) || patches.has(file)) return false;
    if (!/\bkind\b/.test(text)) {
      leftOut.push({ file, message: 'no manifest: there is no `kind` in it' });
      return false;
    }
    const chart = text.includes('{{') ? chartOf(file) : undefined;
    if (chart !== undefined) charts.add(chart);
    return chart === undefined;
  });
  return { sources, problems: [...charts].map((chart) => ({ file: chart, message: renderChart(chart) })), leftOut };
}

const renderChart = (chart: string): string =>
  `a Helm chart: render it first: helm template ${quoted(chart)} | aloft review -`;

const renderKustomization = (folder: string): string =>
  `to review what they make: kustomize build ${quoted(folder)} | aloft review -`;

/** As a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

/** The chart that a file is a template of; of a chart within a chart, the outer one. */
function chartOf(file: string): string | undefined {
  const steps = resolve(file).split(sep);
  const at = steps.findIndex((step, index) => step === 'templates' && isChart(steps.slice(0, index).join(sep)));
  if (at < 0) return undefined;
  let folder = steps.slice(0, at).join(sep);
  while (basename(dirname(folder)) === 'charts' && isChart(dirname(dirname(folder)))) folder = dirname(dirname(folder));
  return isAbsolute(file) ? folder : relative('.', folder) || '.';
}

const isChart = (folder: string): boolean => existsSync(join(folder, 'Chart.yaml'));
