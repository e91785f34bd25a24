/**
 * `make run`: starts the webhook as it was built, sends it a real Pod review through TLS, shows what became of the Pod
 * and why, and keeps serving until Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { explainedDiff } from './explained-diff.ts';
import { dryRun, settings, start, type Webhook } from './webhook.ts';

/** A request as kube-apiserver writes it, for the Pod in examples/pod.yaml. */
const sample = 'examples/admission-review.json';
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

type Answer = {
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patch?: string;
    readonly warnings?: readonly string[];
  };
};

process.exitCode = await main();

async function main(): Promise<number> {
  say('Starting the webhook: aloft serve');
  const webhook = await start(say);
  if (!webhook.ready) return await webhook.ended;
  try {
    await demonstrate();
  } catch (error) {
    process.stderr.write(`make run: ${error instanceof Error ? error.message : String(error)}\n`);
    webhook.stop('SIGINT');
    await webhook.ended;
    return 1;
  }
  invite();
  return await ending(webhook);
}

/** The first lines, so that what follows needs no explanation: a review, its answer, the Pod after it. */
async function demonstrate(): Promise<void> {
  const text = readFileSync(sample, 'utf8');
  const review = JSON.parse(text);
  const pod = review.request.object;
  say(`\nSending it a Pod, as the API server would: ${sample}`);
  say(`POST ${settings.url}/mutate, TLS verified against ${settings.certDir}/ca.crt`);
  const sentAt = performance.now();
  const { response }: Answer = JSON.parse(await post('/mutate', text));
  const ms = (performance.now() - sentAt).toFixed(1);
  const patch: Operation[] = response.patch ? JSON.parse(Buffer.from(response.patch, 'base64').toString()) : [];
  const count = `${patch.length} ${patch.length === 1 ? 'operation' : 'operations'}`;
  say(`Answer after ${ms} ms: allowed: ${response.allowed}, a JSON Patch of ${count}`);
  for (const warning of response.warnings ?? []) say(`Warning: ${warning}`);

  // An answer has no room for sentences; the same code says them in the dry run of the same request.
  const { patch: explained, notes } = await dryRun(review);
  const same = isDeepStrictEqual(
    patch,
    explained.map(({ op, path, value }) => ({ op, path, value })),
  );
  if (!same) throw new Error('webhook and dry run do not agree: please report it');
  const after = jsonPatch.applyPatch(structuredClone(pod), patch, true).newDocument;
  say('\nThe Pod before (-) and after (+), with the reason for each change:\n');
  for (const line of explainedDiff(pod, after, explained)) say(line);
  if (notes.length > 0) say();
  for (const note of notes) say(`  kept: ${note}`);
  say("\nThe reasons are from `aloft review`, whose patch is the same as the webhook's.");
}

async function post(path: string, body: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const ca = readFileSync(`${settings.certDir}/ca.crt`);
  const outgoing = request(`${settings.url}${path}`, { method: 'POST', ca, headers, agent: false }, (response) => {
    if (response.statusCode === 200) textOf(response).then(resolve, reject);
    else reject(new Error(`${path} answered ${response.statusCode}`));
  });
  outgoing.once('error', reject);
  outgoing.end(body);
  return promise;
}

function invite(): void {
  say(`\nServing on ${settings.url}. Try it from another terminal:\n`);
  say(`  curl --cacert ${settings.certDir}/ca.crt -H 'Content-Type: application/json' \\`);
  say(`    --data @${sample} ${settings.url}/mutate`);
  say(`  curl ${settings.healthUrl}/metrics`);
  say(`  npx aloft explain examples/pod.yaml`);
  say('\nIts log follows, one line for each review. Ctrl-C stops it.\n');
}

/** Waits for the webhook, which lives in a process group of its own and hears of Ctrl-C from us alone. */
async function ending({ ended, isAsked }: Webhook): Promise<number> {
  const code = await ended;
  if (isAsked()) say(code === 0 ? 'Stopped.' : `The webhook ended with code ${code}.`);
  return code;
}
