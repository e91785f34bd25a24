import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a test's webhook looks at. */
export type ReviewRequest = {
  readonly uid: string;
  readonly name?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server sends
  readonly object: any;
};

/** Answers an admission review with a patch; no operations are no patch. */
export function answerReview(
  incoming: IncomingMessage,
  response: ServerResponse,
  patchFor: (request: ReviewRequest) => readonly object[],
): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    const { apiVersion, kind, request } = JSON.parse(Buffer.concat(chunks).toString());
    const operations = patchFor(request);
    const patch = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') };
    const answer = { uid: request.uid, allowed: true, ...(operations.length === 0 ? {} : patch) };
    response.end(JSON.stringify({ apiVersion, kind, response: answer }));
  });
}
