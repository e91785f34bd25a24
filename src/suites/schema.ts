import { z } from 'zod';
import { type ReasonCode, reasons } from '../model/reason.js';
import { apiVersion } from '../policy/schema.js';
import { closest } from '../policy/suggest.js';

/** What a rule may come to; that it failed is a fault of aloft, which nobody expects. */
const outcome = z.enum(['edited', 'would-edit', 'unchanged', 'skipped', 'violated']);

const reason = z
  .enum(Object.keys(reasons) as [ReasonCode], { error: ({ input }) => unknownReason(input) })
  .describe('a code of docs/reference/reasons.md');

const manifest = z.looseObject({ apiVersion: z.string(), kind: z.string() });
const day = z.iso.date({ error: 'expected a day as YYYY-MM-DD' });
const oneLine = z.string().regex(/^\S(.*\S)?$/, { error: 'expected a name on one line, without spaces around it' });
const path = z.string().min(1).describe('a path from the folder of the suite');

const edit = z.strictObject({
  kind: z.enum(['label', 'annotation', 'env', 'volume', 'volumeMount']),
  name: z.string().optional().describe('the key, the name of the variable or volume, or the path of the mount'),
  value: z.string().optional(),
  from: z.string().optional().describe("the field of a variable, the host's path of a volume, the volume of a mount"),
  container: z.string().optional(),
  reason: reason.optional(),
});

const finding = z
  .strictObject({
    outcome: outcome.optional(),
    reason: reason.optional().describe('one that the rule gives; the only one, where it skips'),
    reasons: z.array(reason).optional().describe('all that the rule gives, in any order'),
    edits: z.array(edit).optional().describe('all edits of the rule, in order; of each, what is given is compared'),
  })
  .refine((value) => Object.keys(value).length > 0, { error: 'expected an outcome, a reason or edits, got nothing' });

const operation = z.strictObject({
  op: z.enum(['add', 'replace']),
  path: z.string().regex(/^\//, { error: 'expected a JSON pointer, which begins with "/"' }),
  value: z.unknown(),
});

const expectation = z
  .strictObject({
    unchanged: z
      .literal(true, { error: 'expected true; what is to change is told by `after`, `patch` or `edits`' })
      .optional()
      .describe('nothing is to change'),
    after: manifest
      .nullable()
      .optional()
      .describe('the whole object afterwards; with nothing in it, --update fills it'),
    afterFile: path.optional().describe('the same, in a file of its own'),
    patch: z.array(operation).nullable().optional().describe('the JSON Patch; with nothing in it, --update fills it'),
    rules: z
      .record(z.string().min(1), z.union([outcome, finding]))
      .optional()
      .describe('what rules come to, by their names in the policy; "*" is each of them'),
    verdict: z.enum(['allowed', 'refused']).optional(),
    message: z.string().optional().describe('why the object is refused, word for word'),
    warnings: z.array(z.string()).optional().describe('all warnings, word for word and in order'),
  })
  .refine(({ after, afterFile }) => after === undefined || afterFile === undefined, {
    path: ['afterFile'],
    error: 'expected `after` or `afterFile`, got both',
  });

const testCase = z
  .strictObject({
    name: oneLine,
    object: manifest
      .optional()
      .describe('a Pod, a Service, something with a template of Pods, or an AdmissionReview of a Pod or Service'),
    file: path.optional().describe('the file that has it'),
    select: z
      .strictObject({ kind: z.string().optional(), name: z.string().optional(), namespace: z.string().optional() })
      .refine((value) => Object.keys(value).length > 0, { error: 'expected a kind, a name or a namespace' })
      .optional()
      .describe('which object of the file'),
    operation: z.enum(['CREATE', 'UPDATE']).optional().describe('CREATE, unless it is given'),
    namespace: z.string().min(1).optional().describe('for an object that names none'),
    namespaceLabels: z.record(z.string(), z.string()).optional().describe("labels of the object's namespace"),
    today: day.optional().describe('the day by which exemptions expire'),
    expect: expectation.prefault({}),
  })
  .refine(({ object, file }) => (object === undefined) !== (file === undefined), {
    error: 'expected either `object` or `file`',
  })
  .refine(({ select, file }) => select === undefined || file !== undefined, {
    path: ['select'],
    error: 'expected `file` beside it: there is nothing to choose from',
  });

/** The one schema of a suite: it gives the types, the errors and the JSON Schema. */
export const suiteSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal('TestSuite'),
  metadata: z.strictObject({ name: oneLine }),
  spec: z.strictObject({
    policy: path.optional().describe('without it, and without --policy, the embedded policy'),
    namespace: z.string().min(1).default('default').describe('for cases that name none'),
    today: day.optional().describe('for cases that name none'),
    cases: z.array(testCase).check(({ value, issues }) => {
      for (const [index, { name }] of value.entries()) {
        if (value.findIndex((other) => other.name === name) === index) continue;
        issues.push({ code: 'custom', input: name, path: [index, 'name'], message: 'another case has this name' });
      }
    }),
  }),
});

export type Suite = z.output<typeof suiteSchema>;
export type Case = Suite['spec']['cases'][number];
export type Expectation = Case['expect'];
export type ExpectedFinding = z.output<typeof finding>;
export type ExpectedEdit = z.output<typeof edit>;

function unknownReason(input: unknown): string {
  const hint = closest(String(input), Object.keys(reasons));
  const advice = hint === undefined ? 'see docs/reference/reasons.md' : `did you mean "${hint}"?`;
  return `expected the code of a reason, got ${JSON.stringify(input)}: ${advice}`;
}
