import type { Reason } from '../model/reason.js';

/**
 * One operation of a JSON Patch (RFC 6902), in the dialect that the API server applies: `add` puts a missing member or
 * list element in place, `replace` changes a value whose author's part it keeps.
 *
 * The operations of one review never reach into what an earlier one of them added. Into a list they insert only at its
 * head (`…/0`, `…/1`, … in this order) or at its end (`…/-`), so that each can be told from the received object alone.
 */
export type Operation = { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown };

/** An operation with what it is made of: the reason for each member of its value, or one for the whole value. */
export type ExplainedOperation = Operation & { readonly because: readonly Because[] };

/** Why a part of an operation's value is there; `at` is the JSON pointer within the value, `''` for all of it. */
export type Because = { readonly at: string; readonly rule: string; readonly reason: Reason };

/** A key as a reference token of a JSON pointer (RFC 6901). */
export const escapeToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The key that a reference token of a JSON pointer stands for. */
export const unescapeToken = (token: string): string =>
  token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token;

/** The keys that a JSON pointer walks through. */
export const pointerTokens = (pointer: string): readonly string[] => pointer.split('/').slice(1).map(unescapeToken);
