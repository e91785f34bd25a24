import type { ServerResponse } from 'node:http';
import { asciiJson } from '../model/json.js';
import { type AdmissionResponse, envelope } from './admission-review.js';

/** Sends an AdmissionReview; whatever it says, to the API server it is a success. */
export function sendReview(
  response: ServerResponse,
  apiVersion: string,
  answer: AdmissionResponse,
  close = false,
): void {
  send(response, 200, 'application/json', asciiJson(envelope(apiVersion, answer)), close);
}

/** Sends what was expected instead (RFC 9457), for whoever built the client. */
export function sendProblem(response: ServerResponse, status: number, detail: string, close = false): void {
  send(response, status, 'application/problem+json', asciiJson({ status, detail }), close);
}

/** Written by hand: express's own `send` looks for charsets, ETags and freshness, which costs more than the answer. */
function send(response: ServerResponse, status: number, type: string, text: string, close: boolean): void {
  const headers = { 'Content-Type': type, 'Content-Length': text.length };
  response.writeHead(status, close ? { ...headers, Connection: 'close' } : headers);
  if (!close || response.req.complete) {
    response.end(text, 'latin1');
    return;
  }
  // To close a connection on bytes that nobody has read resets it, and the answer may be lost: the rest goes first.
  response.write(text, 'latin1');
  response.req.once('close', () => response.end()).resume();
}
