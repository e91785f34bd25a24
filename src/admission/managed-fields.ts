/** Go writes it last in `metadata`. Within a text its quotes would be escaped, so it is always a member. */
const member = ',"managedFields":[';

/**
 * A body without the first `managedFields` in it, which overwrites the body. A third of what the API server sends for a
 * Pod is there; no rule reads it, and to parse it costs more than most rules do.
 */
export function withoutManagedFields(body: Buffer): Buffer {
  const start = body.indexOf(member, 0, 'latin1');
  const end = start < 0 ? -1 : endOfList(body, start + member.length);
  // A list without an end is for the parser to complain of.
  if (end < 0) return body;
  body.copyWithin(start, end);
  return body.subarray(0, body.length - (end - start));
}

const [quote, backslash, opening, closing] = Buffer.from('"\\[]');

/** Where a list ends that opened before `start`; negative where it does not. */
function endOfList(json: Buffer, start: number): number {
  let depth = 1;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at + 1);
    else if (byte === opening) depth++;
    else if (byte === closing && --depth === 0) return at + 1;
  }
  return -1;
}

/** Where the quote stands that ends a text. */
function endOfText(json: Buffer, start: number): number {
  let at = start;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
