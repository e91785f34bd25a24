import { z } from 'zod';
import { isRecord } from '../model/json.js';
import type { Parsed, Problem } from '../model/problem.js';
import { messageOf, problemsOf } from '../policy/parse.js';
import { type Suite, suiteSchema } from './schema.js';

/** An unknown value as a suite, or everything that is wrong with it at once. */
export function parseSuite(raw: unknown): Parsed<Suite> {
  const parsed = suiteSchema.safeParse(raw, { error: messageOf, reportInput: true });
  return parsed.success ? { value: parsed.data } : { problems: parsed.error.issues.flatMap(told) };
}

/** The JSON Schema (draft-07) of a suite, for editors. */
export const suiteJsonSchema = (): object => z.toJSONSchema(suiteSchema, { target: 'draft-7', io: 'input' });

/** Where a word or an object will do, an object is held against what is asked of objects. */
function told(issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code === 'invalid_type' && issue.expected === 'nonoptional') {
    return problemsOf({ ...issue, message: 'expected a value, got nothing' });
  }
  if (issue.code !== 'invalid_union') return problemsOf(issue);
  const branch = isRecord(issue.input) ? issue.errors.at(-1) : issue.errors[0];
  return (branch ?? []).flatMap((inner) => told({ ...inner, path: [...issue.path, ...inner.path] }));
}
