/** A JSON object, of which nothing else is known. */
export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as an object; anything else counts as one without members. */
export const asRecord = (value: unknown): Json => (isRecord(value) ? value : {});

/** A value as text; anything else counts as none. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The value at the end of a path; undefined where the path leads nowhere. */
export const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, step) => (Array.isArray(inner) || isRecord(inner) ? memberOf(inner, step) : undefined),
    value,
  );

const memberOf = (value: Json | readonly unknown[], step: string | number): unknown =>
  Object.hasOwn(value, step) ? (value as Json)[String(step)] : undefined;

/** A value as JSON in ASCII, whatever it holds: a text of as many bytes as characters, which need not be encoded. */
export function asciiJson(value: object): string {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) === json.length ? json : json.replaceAll(beyondAscii, escapeCharacter);
}

const beyondAscii = /[^\x20-\x7e]/g;
const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A copy that shares nothing with its source; several times as fast as `structuredClone`, which knows more than JSON. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setMember(copy, key, copyOf(value[key]));
  return copy;
}

/** As JSON means it: `__proto__` is a name like any other. */
export function setMember(object: Record<string | number, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** Whether two JSON values are equal, in whatever order their members are; parts that are one and the same are not walked. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  // YAML has NaN, which equals nothing.
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other);
  if (Array.isArray(one)) return Array.isArray(other) && haveSameElements(one, other);
  return !Array.isArray(other) && haveSameMembers(one as Json, other as Json);
}

function haveSameElements(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!isSame(one[index], other[index])) return false;
  return true;
}

/** With `for … in`, which walks the members of JSON in the order of their making, and much faster than a list of keys. */
function haveSameMembers(one: Json, other: Json): boolean {
  let surplus = 0;
  for (const _ in other) surplus++;
  for (const key in one) {
    const value = one[key];
    if (value !== other[key] && !(Object.hasOwn(other, key) && isSame(value, other[key]))) return false;
    surplus--;
  }
  return surplus === 0;
}
