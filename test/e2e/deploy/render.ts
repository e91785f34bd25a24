import { execFileSync } from 'node:child_process';
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Manifest, manifests, objectsIn } from '../../deploy/manifests.ts';

const folder = fileURLToPath(manifests);
export const chart = join(folder, 'helm/aloft');
export const overlay = (name: string): string => join(folder, 'overlays', name);

export const helm = program('HELM', 'helm');
const kustomize = program('KUSTOMIZE', 'kustomize');

/** What a release would install on a cluster of today; with hooks, if they are asked for. */
export function renderChart(
  args: readonly string[] = [],
  { release = 'aloft', namespace = 'aloft-system', hooks = false } = {},
): readonly Manifest[] {
  // A helm that was built with `go install` takes 1.20 for granted where it has no cluster.
  const flags = ['--kube-version', '1.34.0', ...(hooks ? [] : ['--no-hooks'])];
  return objectsIn(run(helm, ['template', release, chart, '--namespace', namespace, ...flags, ...args]));
}

/** What kustomize makes of a folder of `manifests/`. */
export const renderFolder = (path: string): readonly Manifest[] =>
  objectsIn(run(kustomize, ['build', join(folder, path)]));

/** What kustomize makes of an overlay that stands beside a checkout called `aloft`. */
export function renderOverlay(text: string, policy = ''): readonly Manifest[] {
  const place = mkdtempSync(join(tmpdir(), 'aloft-overlay-'));
  try {
    mkdirSync(join(place, 'ours'));
    cpSync(folder, join(place, 'aloft/manifests'), { recursive: true });
    writeFileSync(join(place, 'ours/kustomization.yaml'), text);
    writeFileSync(join(place, 'ours/policy.yaml'), policy);
    return objectsIn(run(kustomize, ['build', join(place, 'ours')]));
  } finally {
    rmSync(place, { recursive: true });
  }
}

function run(path: string, args: readonly string[]): string {
  return execFileSync(path, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 16 * 1024 * 1024 });
}

/** A renderer: the one that a variable names, or the first on the PATH. */
function program(variable: string, name: string): string {
  const named = process.env[variable];
  const candidates = named ? [named] : (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, name));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    `${named ?? name}: not found; the tests of manifests/ render them with ${name}. Install it, name it with ` +
      `${variable}=…, or have it built: PATH="$(scripts/renderers.sh):$PATH" npm run test:e2e`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
