import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { foreignFolders } from './found-files.js';
import { isKustomization, patchFiles } from './kustomizations.js';

/** What sources there are below a folder. */
export type Survey = {
  /** Folders of charts, by the charts' names. */
  readonly charts: ReadonlyMap<string, readonly string[]>;
  /** Folders that kustomize can build. */
  readonly kustomizations: readonly string[];
  /** Without what kustomize takes for patches only: no object comes from them. */
  readonly files: ReadonlySet<string>;
};

/** Looks through a folder; links to folders are not followed. */
export function surveyFolder(root: string): Survey {
  const files = filesBelow(root).toSorted();
  const charts = files.filter((file) => basename(file) === 'Chart.yaml').map((file) => dirname(file));
  const kustomizations = files.filter((file) => isKustomization(basename(file)));
  const patches = new Set(
    kustomizations.flatMap((file) => patchFiles(file, textOf(file)).map((path) => join(dirname(file), path))),
  );
  return {
    charts: Map.groupBy(charts, (folder) => chartName(folder) ?? ''),
    kustomizations: kustomizations.map((file) => dirname(file)),
    files: new Set(files.filter((file) => !patches.has(file))),
  };
}

/** Beyond that many, a folder is no checkout of manifests, but somebody's home, or the root of a machine. */
const mostFolders = 5000;

function filesBelow(root: string): readonly string[] {
  const files: string[] = [];
  const folders = [root];
  // The list grows while it is gone through, so that what is near comes first.
  for (const folder of folders) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) files.push(path);
      else if (!foreignFolders.has(entry.name) && folders.length < mostFolders) folders.push(path);
    }
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The name of the chart that a folder holds. */
export const chartName = (folder: string): string | undefined =>
  /^name:[ \t]*["']?([\w.-]+)/m.exec(textOf(join(folder, 'Chart.yaml')))?.[1];

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
