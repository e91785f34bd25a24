import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { type Body, identify, readBody } from '../../src/admission/body.js';

/** A request of which a test says what arrives, in which pieces. */
function requestOf(contentLength: number): IncomingMessage & PassThrough {
  return Object.assign(new PassThrough(), { headers: { 'content-length': String(contentLength) } }) as never;
}

/** Everything that is told of a body: once is right. */
async function read(
  chunks: readonly (string | Buffer)[],
  { declared, limit = 10, breaks = false }: { declared?: number; limit?: number; breaks?: boolean } = {},
) {
  const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
  const request = requestOf(declared ?? bytes);
  const told: Body[] = [];
  const closed = new Promise((resolve) => request.once('close', resolve));
  readBody(request, limit, (body) => told.push(body));
  for (const chunk of chunks) {
    request.write(chunk);
    await new Promise(setImmediate);
  }
  if (breaks) request.destroy();
  else request.end();
  await closed;
  return told;
}

describe('a body', () => {
  test.each<[string, readonly (string | Buffer)[], string]>([
    ['in one piece', ['{"a":1}'], '{"a":1}'],
    ['in several', ['{"a"', ':', '1}'], '{"a":1}'],
    ['without a byte', [], ''],
    ['with a character cut in two', [Buffer.from([0x22, 0xc3]), Buffer.from([0xbc, 0x22])], '"ü"'],
    ['of exactly the limit', ['0123456789'], '0123456789'],
  ])('%s is read', async (_, chunks, text) => {
    expect(await read(chunks)).toEqual([{ text }]);
  });

  test.each<[string, Buffer]>([
    ['half a character', Buffer.from([0x22, 0xc3])],
    ['Latin-1', Buffer.from('"ü"', 'latin1')],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['an overlong slash', Buffer.from([0xc0, 0xaf])],
  ])('that holds %s is no text', async (_, bytes) => {
    expect(await read([bytes])).toEqual([{ fault: 'not-utf8' }]);
  });

  test('that is longer than declared is measured by what came', async () => {
    expect(await read(['01234', '56789', 'x'], { declared: 5 })).toEqual([
      { fault: 'oversize', start: Buffer.from('0123456789x') },
    ]);
  });

  test('that is declared too long is told of once its start is there', async () => {
    const start = 'x'.repeat(4096);
    expect(await read([start, 'y', 'z'], { declared: 1e9, limit: 1e6 })).toEqual([
      { fault: 'oversize', start: Buffer.from(start) },
    ]);
  });

  test.each([[['half']], [[]]])('that breaks off after %j is told of once', async (chunks) => {
    expect(await read(chunks, { declared: 9, breaks: true })).toEqual([{ fault: 'aborted' }]);
  });
});

describe('of the start of a review', () => {
  const v1 = 'admission.k8s.io/v1';
  test.each<[string, string, object | undefined]>([
    [
      'as the API server writes it',
      `{"kind":"AdmissionReview","apiVersion":"${v1}","request":{"uid":"a-b","kind":{"gro`,
      { uid: 'a-b', apiVersion: v1 },
    ],
    [
      'of v1beta1',
      `{"kind":"AdmissionReview","apiVersion":"${v1}beta1","request":{"uid":"a-b"`,
      { uid: 'a-b', apiVersion: `${v1}beta1` },
    ],
    [
      'with spaces',
      `{ "apiVersion" : "${v1}beta1",\n "request" : { "uid" : "a-b"`,
      { uid: 'a-b', apiVersion: `${v1}beta1` },
    ],
    ['without a version', '{"request":{"uid":"a-b"', { uid: 'a-b', apiVersion: v1 }],
    [
      'of another version',
      '{"apiVersion":"admission.k8s.io/v2","request":{"uid":"a-b"',
      { uid: 'a-b', apiVersion: v1 },
    ],
    ['that ends in the uid', `{"apiVersion":"${v1}","request":{"uid":"a-`, undefined],
    ['with an empty uid', '{"request":{"uid":""', undefined],
    ['with a uid that would need escaping', '{"request":{"uid":"a\\"b"', undefined],
    ['whose uid is that of the object', '{"request":{"object":{"metadata":{"uid":"a-b"', undefined],
    ['with nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(identify(Buffer.from(text))).toEqual(expected);
  });
});
