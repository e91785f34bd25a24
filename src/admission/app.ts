import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Rejection } from '../telemetry/metrics.js';
import { type AdmissionRequest, parseAdmissionReview } from './admission-review.js';
import type { Admission, Phase } from './admit.js';
import { createBatches, type Stage, type Work } from './batch.js';
import { type BodyFault, identify, readBody } from './body.js';
import { refuseHead } from './head.js';
import type { LoadGate } from './load.js';
import { sendProblem, sendReview } from './send.js';

/** What the HTTP face needs; none of it knows of HTTP. */
export type AppDependencies = {
  readonly admit: (request: AdmissionRequest, phase: Phase) => Admission;
  /** Told of every answer, after it was sent; `readAt` is `performance.now()` at the end of the request's body. */
  readonly answered: (request: AdmissionRequest, admission: Admission, readAt: number) => void;
  readonly rejected: (problem: Rejection, detail: string) => void;
  /** Told of a fault of ours; the request was allowed all the same. */
  readonly failed: (uid: string, error: unknown) => void;
  readonly load: LoadGate;
  /** How to answer a request that is too large to be read; `allow` unless the policy says otherwise. */
  readonly onOversize: () => 'allow' | 'deny';
  readonly maxBodyBytes?: number;
};

/**
 * A 3 MiB object arrives as 18 MiB, because the API server's encoder writes `<`, `>` and `&` as six bytes each; a
 * smaller limit would let a padded Pod past every rule.
 */
const defaultMaxBodyBytes = 20 * 1024 * 1024;

/**
 * The HTTPS face: two paths, one method, one media type, and an answer for everything else. What every Pod waits for
 * goes straight to its handler, and express answers the rest: its router would cost half as much again as a review.
 */
export function createListener(dependencies: AppDependencies): RequestListener {
  const app = createApp(dependencies);
  const schedule = createBatches();
  return (request, response) => {
    const phase = request.method === 'POST' ? phases.get(pathOf(request.url ?? '')) : undefined;
    if (phase === undefined) app(request, response);
    else answer({ request, response, phase }, dependencies, schedule);
  };
}

const phases: ReadonlyMap<string, Phase> = new Map([
  ['/mutate', 'mutate'],
  ['/validate', 'validate'],
]);

/** The API server adds `?timeout=10s`. */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function createApp(dependencies: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  // A redirect would be followed with GET, so a path is either exactly right or not there.
  app.enable('strict routing').enable('case sensitive routing');
  app.all([...phases.keys()], (request, response) => {
    response.set('Allow', 'POST');
    reject(response, dependencies, 'method', 405, `${request.method}: expected POST`);
  });
  app.use((request: Request, response: Response) => {
    reject(response, dependencies, 'not-found', 404, `${request.path}: expected ${[...phases.keys()].join(' or ')}`);
  });
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    confess(response, dependencies, error);
  });
  return app;
}

function confess(response: ServerResponse, { failed }: AppDependencies, error: unknown): void {
  failed('', error);
  if (!response.headersSent) sendProblem(response, 500, 'a fault of aloft', true);
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly phase: Phase };

function answer(exchange: Exchange, dependencies: AppDependencies, schedule: (work: Work) => void): void {
  const { request, response } = exchange;
  const refusal = refuseHead(request);
  if (refusal !== undefined) {
    reject(response, dependencies, ...refusal);
    return;
  }
  const limit = dependencies.maxBodyBytes ?? defaultMaxBodyBytes;
  const leave = dependencies.load.enter(Math.min(Number(request.headers['content-length']), limit));
  if (leave === undefined) {
    // The API server tries again, within its own timeout, on a new connection: with luck, at another replica.
    response.setHeader('Retry-After', '0');
    reject(response, dependencies, 'overloaded', 503, 'try another replica');
    return;
  }
  readBody(request, limit, (body) => {
    const readAt = performance.now();
    schedule({
      bytes: 'text' in body ? body.text.length : 0,
      begin: () =>
        'text' in body
          ? reviewBody(body.text, readAt, exchange, dependencies)
          : answerFault(body, response, dependencies),
      // Nobody above catches what a stage throws: it would end the process.
      fail: (error) => confess(response, dependencies, error),
      end: leave,
    });
  });
}

/** The first of four stages: the body is parsed; then it is reviewed; then the answer is sent; then it is written down. */
function reviewBody(
  text: string,
  readAt: number,
  { response, phase }: Exchange,
  dependencies: AppDependencies,
): Stage | undefined {
  const parsed = parseRequest(text);
  if ('problem' in parsed) return void reject(response, dependencies, 'malformed', 400, parsed.problem);
  const request = parsed.value;
  return () => {
    const admission = admitSafely(request, phase, dependencies);
    return () => {
      sendReview(response, request.apiVersion, admission.response);
      return () => void dependencies.answered(request, admission, readAt);
    };
  };
}

function parseRequest(text: string): { readonly value: AdmissionRequest } | { readonly problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { problem: 'expected JSON, got text that does not parse' };
  }
  const parsed = parseAdmissionReview(raw);
  if ('value' in parsed) return parsed;
  const { path, message } = parsed.problem;
  return { problem: path === '' ? message : `${path}: ${message}` };
}

/** Never blocks a Pod because of a fault of ours. */
function admitSafely(request: AdmissionRequest, phase: Phase, { admit, failed }: AppDependencies): Admission {
  try {
    return admit(request, phase);
  } catch (error) {
    failed(request.uid, error);
    const warnings = ['aloft: a fault of its own; the object was left as it is'];
    return { response: { uid: request.uid, allowed: true, warnings }, faulty: true };
  }
}

function answerFault(body: BodyFault, response: ServerResponse, dependencies: AppDependencies): undefined {
  switch (body.fault) {
    case 'aborted':
      dependencies.rejected('aborted', 'the client went away');
      break;
    case 'not-utf8':
      reject(response, dependencies, 'malformed', 400, 'expected UTF-8');
      break;
    case 'oversize':
      answerOversize(body.start, response, dependencies);
      break;
  }
}

/** The uid stands in the first bytes, so that the policy decides, and not the `failurePolicy` of the webhook. */
function answerOversize(start: Buffer, response: ServerResponse, dependencies: AppDependencies): void {
  const known = identify(start);
  if (known === undefined) {
    reject(response, dependencies, 'oversize', 413, 'the request is too large, and has no uid in its first bytes');
    return;
  }
  dependencies.rejected('oversize', known.uid);
  const allowed = dependencies.onOversize() === 'allow';
  const message = 'aloft: the object is too large to be reviewed';
  const status = { code: 413, reason: 'RequestEntityTooLarge', message };
  const verdict = allowed ? { warnings: [message] } : { status };
  sendReview(response, known.apiVersion, { uid: known.uid, allowed, ...verdict }, true);
}

function reject(
  response: ServerResponse,
  { rejected }: AppDependencies,
  reason: Rejection,
  status: number,
  detail: string,
): void {
  rejected(reason, detail);
  // A body that nobody reads would be taken for the next request.
  sendProblem(response, status, detail, !response.req.complete);
}
