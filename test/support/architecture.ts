import { readdirSync, readFileSync } from 'node:fs';

/** A file of `src`, by its path within it. */
export type SourceFile = { readonly path: string; readonly source: string };

/** Every file of `src`. */
export function readSources(): readonly SourceFile[] {
  const root = new URL('../../src/', import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => ({ path: path.replaceAll('\\', '/'), source: readFileSync(new URL(path, root), 'utf8') }));
}

/** DESIGN.md §3: what a folder may import beside itself and `version.ts`. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  vendors: ['model'],
  policy: ['model', 'vendors'],
  egress: ['model', 'vendors'],
  engine: ['model', 'vendors', 'policy'],
  rules: ['model', 'vendors', 'policy', 'engine'],
  manifests: ['model', 'engine'],
  cluster: ['model'],
  certificates: ['model', 'cluster'],
  telemetry: ['model', 'engine'],
  admission: ['model', 'policy', 'engine', 'certificates', 'telemetry'],
  reports: ['model', 'vendors', 'policy', 'engine', 'manifests', 'egress'],
  suites: ['model', 'policy', 'engine', 'manifests', 'admission', 'reports'],
  commands: [
    'model',
    'vendors',
    'policy',
    'egress',
    'engine',
    'rules',
    'manifests',
    'cluster',
    'certificates',
    'telemetry',
    'admission',
    'reports',
    'suites',
  ],
};

/** No I/O, no clock, no randomness, no logger: what runs in a browser, and twice the same. */
const pure = ['model', 'vendors', 'policy', 'egress', 'engine', 'rules', 'suites'];

/** Where each package may be imported, as the beginning of a path; a package that is not here may be imported nowhere. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@kubernetes/client-node': ['cluster/'],
  'node-forge': ['certificates/issue.ts'],
  express: ['admission/'],
  pino: ['telemetry/'],
  'prom-client': ['telemetry/', 'admission/health.ts'],
  commander: ['commands/'],
  diff: ['reports/', 'suites/text.ts'],
  yaml: ['manifests/', 'reports/', 'vendors/yaml-text.ts', 'suites/shown.ts'],
  zod: ['policy/', 'engine/rule.ts', 'rules/', 'suites/'],
};

const impure: Readonly<Record<string, RegExp>> = {
  'the environment (process)': /\bprocess\s*(\.|\[)/,
  'the clock (Date)': /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
  'randomness (Math.random)': /\bMath\.random\b|\bcrypto\.\w/,
  'the console': /\bconsole\s*(\.|\[)/,
  'the network (fetch)': /\bfetch\(/,
  'a timer': /\bset(Timeout|Interval|Immediate)\(/,
};

const bannedNames = new Set('utils util helpers helper common misc types constants shared lib core index'.split(' '));

/** Everything that the architecture forbids in a file, a sentence each. */
export function violationsOf(file: SourceFile): readonly string[] {
  const code = withoutComments(file.source);
  const folder = folderOf(file.path);
  return [
    ...nameViolations(file.path),
    ...(file.source.split('\n').length > 201 ? ['has more than 200 lines'] : []),
    ...(/^\s*export\s+default\b/m.test(code) ? ['has a default export'] : []),
    ...importsOf(code).flatMap((specifier) => importViolations(file.path, specifier)),
    ...(pure.includes(folder) ? Object.entries(impure) : []).flatMap(([what, pattern]) =>
      pattern.test(code) ? [`is in a pure folder and uses ${what}`] : [],
    ),
  ];
}

/** The modules that a source imports, re-exports or loads later. */
export function importsOf(code: string): readonly string[] {
  const patterns = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier = '']) => specifier));
}

function nameViolations(path: string): readonly string[] {
  const names = path.replace(/\.ts$/, '').split('/');
  return names.flatMap((name) => [
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? [] : [`has a part of its name that is not kebab-case: ${name}`]),
    ...(bannedNames.has(name) ? [`has a part of its name that says nothing: ${name}`] : []),
  ]);
}

function importViolations(path: string, specifier: string): readonly string[] {
  if (specifier.startsWith('.')) return ownViolations(path, specifier);
  if (specifier.startsWith('node:')) return pure.includes(folderOf(path)) ? [`imports ${specifier}: it is pure`] : [];
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const places = packages[name];
  if (places === undefined) return [`imports ${name}, which no row of the table allows`];
  return places.some((place) => path.startsWith(place))
    ? []
    : [`imports ${name}, which belongs to ${places.join(', ')}`];
}

function ownViolations(path: string, specifier: string): readonly string[] {
  const target = new URL(specifier, `file:///src/${path}`).pathname.replace(/^\/src\//, '');
  const [from, to] = [folderOf(path), folderOf(target)];
  if (target.startsWith('/')) return [`imports ${specifier}, which is outside src`];
  if (!specifier.endsWith('.js')) return [`imports ${specifier} without .js`];
  if (from === 'rules' && to === 'rules' && path !== 'rules/registry.ts') return [`imports its sibling ${target}`];
  if (target === 'version.js' || from === to || path === 'main.ts') return [];
  return mayImport[from]?.includes(to) ? [] : [`imports ${target}, but ${from || path} may not import ${to || target}`];
}

/** The folder of `src` that a file is in; empty for a file of `src` itself. */
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
