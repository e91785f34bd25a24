import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { ReadSource, Source } from '../../manifests/place.js';
import { chartName, type Survey, surveyFolder } from './source-folders.js';

/**
 * Reads the sources that rendered manifests name, each once, below the given folders and the working folder, in this
 * order, and never outside of them. Helm names a chart and not its folder, and kustomize writes paths from the folder
 * that it was called with: where a path leads nowhere, the charts and kustomizations below the folders are looked at.
 */
export function createReadSource(sourceRoots: readonly string[]): ReadSource {
  const roots = [...sourceRoots, '.'].map((folder) => ({ folder, survey: onDemand(() => surveyFolder(folder)) }));
  const isInside = insideOf(roots.map(({ folder }) => folder));
  const texts = new Map<string, readonly Source[]>();
  const readOnce = (file: string): readonly Source[] => {
    const source = texts.get(file) ?? (isInside(file) ? readText(file) : []);
    texts.set(file, source);
    return source;
  };
  const known = new Map<string, readonly (() => readonly Source[])[]>();
  return (path) => {
    const groups = known.get(path) ?? groupsOf(path, roots).map((files) => onDemand(() => files().flatMap(readOnce)));
    known.set(path, groups);
    return groups;
  };
}

type Root = { readonly folder: string; readonly survey: () => Survey };

/** The files that a path may mean, the surest first. */
function groupsOf(path: string, roots: readonly Root[]): readonly (() => readonly string[])[] {
  if (path.startsWith('/') || /[\\\0]/.test(path)) return [];
  const named = roots.flatMap(({ folder }) => namedFiles(folder, path).map((file) => () => [file]));
  return [
    ...named,
    ...roots.map(
      ({ survey }) =>
        () =>
          surveyedFiles(survey(), path),
    ),
  ];
}

/** The path as it is, or without the chart's name where the folder is the chart's own. */
function namedFiles(folder: string, path: string): readonly string[] {
  const [first = '', ...rest] = path.split('/');
  if (first === '..') return [join(folder, path)].filter(isFile);
  const isOther = (chart: string): boolean => ![undefined, first].includes(chartName(chart));
  const whole = isOther(join(folder, first)) ? [] : [path];
  const inside = rest.length === 0 || isOther(folder) ? [] : [rest.join('/')];
  return [...whole, ...inside].map((candidate) => join(folder, candidate)).filter(isFile);
}

/** Below a folder: in the charts that the path names, or else from its kustomizations. */
function surveyedFiles({ charts, kustomizations, files }: Survey, path: string): readonly string[] {
  const parts = path.split('/charts/');
  const inCharts = parts.flatMap((_, index) => {
    const [name = '', ...rest] = parts.slice(index).join('/charts/').split('/');
    return (charts.get(name) ?? []).map((chart) => join(chart, ...rest));
  });
  const built = kustomizations.map((folder) => join(folder, path));
  const found = [inCharts, built].map((all) => [...new Set(all)].filter((file) => files.has(file)));
  const most = found.find((all) => all.length > 0) ?? [];
  return most.length > mostFiles ? [] : most;
}

/** To look for an object in more files than that takes too long. */
const mostFiles = 100;

function insideOf(folders: readonly string[]): (file: string) => boolean {
  const roots = onDemand(() => folders.flatMap((folder) => realPath(folder)));
  return (file) =>
    realPath(file).some((path) => roots().some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep)));
}

function realPath(path: string): readonly string[] {
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readText(path: string): readonly Source[] {
  try {
    const file = relative('.', resolve(path));
    return [{ file: file.startsWith('..') ? path : file, text: readFileSync(path, 'utf8') }];
  } catch {
    return [];
  }
}

function onDemand<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
