/** The command line on many Deployments, beside the time that `yaml` alone takes to parse the same bytes. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { median } from './load.ts';

/** What a process took: seconds to its first byte and to its end, and the most memory it held. */
type Took = { readonly firstByte: number; readonly seconds: number; readonly rssMb: number };

export type CliRow = {
  readonly input: string;
  readonly objects: number;
  readonly yaml: Took;
  readonly json: Took;
  readonly sarif: Took;
  readonly diff: Took;
};
export type CliResult = { readonly startMs: number; readonly rows: readonly CliRow[] };

/** Each input is read in turn by all of them, so that whatever else the machine does falls on all. */
export async function benchCli(dir: string, rounds: number, say: (line: string) => void): Promise<CliResult> {
  const pod = join(dir, 'one.yaml');
  writeFileSync(pod, deployment(0));
  const starts = await repeat(rounds * 3, () => run(aloft(pod, 'diff')));
  const startMs = median(starts.map(({ firstByte }) => firstByte)) * 1000;
  say(`aloft review of one Deployment: first byte after ${startMs.toFixed(0)} ms\n`);
  say(
    `${'seconds (peak RSS in MB)'.padEnd(28)}${['yaml alone', 'json', 'sarif', 'diff'].map((name) => name.padStart(13)).join('')}`,
  );
  const rows: CliRow[] = [];
  for (const { input, objects, path } of inputs(dir)) {
    const all: Record<'yaml' | 'json' | 'sarif' | 'diff', Took[]> = { yaml: [], json: [], sarif: [], diff: [] };
    for (let round = 0; round < rounds; round++) {
      all.yaml.push(await run([parser, path]));
      for (const format of ['json', 'sarif', 'diff'] as const) all[format].push(await run(aloft(path, format)));
    }
    const row = {
      input,
      objects,
      yaml: middle(all.yaml),
      json: middle(all.json),
      sarif: middle(all.sarif),
      diff: middle(all.diff),
    };
    rows.push(row);
    say(`${input.padEnd(28)}${[row.yaml, row.json, row.sarif, row.diff].map(cell).join('')}`);
  }
  return { startMs, rows };
}

const parser = new URL('parse-yaml.ts', import.meta.url).pathname;
const aloft = (path: string, format: string): readonly string[] => [
  new URL('../dist/main.js', import.meta.url).pathname,
  'review',
  path,
  '-o',
  format,
  '--quiet',
];

/** One file of all Deployments, or a thousand files that share them. */
function* inputs(dir: string) {
  for (const objects of [1000, 10_000]) {
    const texts = Array.from({ length: objects }, (_, index) => deployment(index));
    const file = join(dir, `${objects}.yaml`);
    writeFileSync(file, texts.join('---\n'));
    yield { input: `${objects} objects, 1 file`, objects, path: file };
    const folder = join(dir, `${objects}`);
    mkdirSync(folder);
    const each = objects / 1000;
    for (let index = 0; index < 1000; index++) {
      writeFileSync(join(folder, `${index}.yaml`), texts.slice(index * each, (index + 1) * each).join('---\n'));
    }
    yield { input: `${objects} objects, 1000 files`, objects, path: folder };
  }
}

/** Tells the most memory that a process has held, on a stream of its own, when it ends. */
const tellsMemory = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads'; if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

async function run(args: readonly string[]): Promise<Took> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', tellsMemory, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let firstByte: number | undefined;
  child.stdout?.on('data', () => {
    firstByte ??= performance.now();
  });
  const memory = textOf(child.stdio[3] as NodeJS.ReadableStream);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  const endedAt = performance.now();
  return {
    firstByte: ((firstByte ?? endedAt) - startedAt) / 1000,
    seconds: (endedAt - startedAt) / 1000,
    rssMb: Number(await memory) / 1000,
  };
}

async function repeat<T>(times: number, once: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let time = 0; time < times; time++) all.push(await once());
  return all;
}

const middle = (all: readonly Took[]): Took => ({
  firstByte: median(all.map(({ firstByte }) => firstByte)),
  seconds: median(all.map(({ seconds }) => seconds)),
  rssMb: Math.max(...all.map(({ rssMb }) => rssMb)),
});

const cell = ({ seconds, rssMb }: Took): string => `${seconds.toFixed(2)} (${rssMb.toFixed(0)})`.padStart(13);

/** A Deployment as teams write them, to which the default policy adds a tracer's environment. */
const deployment = (index: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  namespace: shop-${index % 50}
  labels:
    app.kubernetes.io/name: app-${index}
    app.kubernetes.io/version: "1.${index % 9}.0"
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${index}
        app.kubernetes.io/version: "1.${index % 9}.0"
    spec:
      containers:
        - name: app
          image: registry.example.com/shop/app-${index}:1.${index % 9}.0
          ports:
            - containerPort: 8080
          env:
            - name: PORT
              value: "8080"
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
            limits:
              memory: 128Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: 8080
`;
