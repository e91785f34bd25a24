import { z } from 'zod';
import { isRecord } from '../model/json.js';
import type { Parsed, Problem } from '../model/problem.js';
import { nameProblems } from './names.js';
import type { Policy } from './policy.js';
import { createPolicySchema, type RuleSettings } from './schema.js';
import { closest } from './suggest.js';

/** An unknown value as a policy, or everything that is wrong with it at once. */
export function parsePolicy(raw: unknown, rules: readonly RuleSettings[]): Parsed<Policy> {
  const parsed = createPolicySchema(rules).safeParse(withWordsForModes(raw), { error: messageOf });
  const names = nameProblems(raw, rules);
  if (parsed.success && names.length === 0) return { value: parsed.data };
  return { problems: [...(parsed.error?.issues ?? []).flatMap(problemsOf), ...names] };
}

/** To YAML 1.1, which kubectl reads, a bare `off` is the truth value: `mode: off` means what it says. */
function withWordsForModes(raw: unknown): unknown {
  if (!isRecord(raw) || !isRecord(raw['spec']) || !Array.isArray(raw['spec']['rules'])) return raw;
  const rules = raw['spec']['rules'].map((entry: unknown) =>
    isRecord(entry) && entry['mode'] === false ? { ...entry, mode: 'off' } : entry,
  );
  return { ...raw, spec: { ...raw['spec'], rules } };
}

/** The JSON Schema (draft-07) of the policy file, for editors. */
export const policyJsonSchema = (rules: readonly RuleSettings[]): object =>
  z.toJSONSchema(createPolicySchema(rules), { target: 'draft-7', io: 'input' });

/** zod reports the keys it does not know on the object that holds them; a reader looks for the key itself. */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  const lines = issue.message.split('\n');
  return issue.keys.map((key, index) => ({ path: [...path, key], message: lines[index] ?? issue.message }));
}

/** What was expected, what came, and what to do if we know. */
export function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${article(issue.expected)}, got ${show(issue.input)}`;
    case 'invalid_value':
      return expectedOneOf(issue.values.map(String), issue.input);
    case 'invalid_union':
      return expectedOneOf((issue['options'] ?? []) as string[], discriminatorOf(issue));
    case 'too_small':
      return issue.origin === 'number'
        ? `expected at least ${issue.minimum}, got ${show(issue.input)}`
        : `expected at least ${issue.minimum} ${issue.origin === 'string' ? 'character' : 'entry'}, got none`;
    case 'too_big':
      return `expected at most ${issue.maximum}, got ${show(issue.input)}`;
    case 'invalid_key':
      return 'expected a key, got an empty one';
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, knownKeys(issue.inst))).join('\n');
    default:
      return undefined;
  }
}

function expectedOneOf(values: readonly string[], input: unknown): string {
  const hint = typeof input === 'string' ? closest(input, values) : undefined;
  const expected = values.length === 1 ? `"${values[0]}"` : `one of ${values.join(', ')}`;
  return `expected ${expected}, got ${show(input)}${hint === undefined ? '' : `: did you mean "${hint}"?`}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const hint = closest(key, known);
  const advice = hint === undefined ? `known here: ${known.join(', ')}` : `did you mean "${hint}"?`;
  return `unknown key "${key}": ${advice}`;
}

/** The value by which a union chose none of its members. */
function discriminatorOf(issue: z.core.$ZodRawIssue): unknown {
  const { input } = issue;
  const key = issue['discriminator'];
  return typeof input === 'object' && input !== null && typeof key === 'string'
    ? (input as Readonly<Record<string, unknown>>)[key]
    : input;
}

const knownKeys = (schema: unknown): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
  int: 'an integer',
};
const article = (type: string): string => typeNames[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** A value of the policy file as a message may show it; policies hold no secrets. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
