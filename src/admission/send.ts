import type { ServerResponse } from 'node:http';
import { type AdmissionResponse, envelope } from './admission-review.js';

/** Sends an AdmissionReview; whatever it says, to the API server it is a success. */
export function sendReview(
  response: ServerResponse,
  apiVersion: string,
  answer: AdmissionResponse,
  close = false,
): void {
  send(response, 200, 'application/json', JSON.stringify(envelope(apiVersion, answer)), close);
}

/** Sends what was expected instead (RFC 9457), for whoever built the client. */
export function sendProblem(response: ServerResponse, status: number, detail: string, close = false): void {
  send(response, status, 'application/problem+json', JSON.stringify({ status, detail }), close);
}

/** Written by hand: express's own `send` looks for charsets, ETags and freshness, which costs more than the answer. */
function send(response: ServerResponse, status: number, type: string, text: string, close: boolean): void {
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, close ? { ...headers, Connection: 'close' } : headers);
  response.end(text);
}
