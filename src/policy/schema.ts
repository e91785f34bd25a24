import { z } from 'zod';
import type { ReasonCode } from '../model/reason.js';
import { modes, type Policy } from './policy.js';

/** What the schema has to know of a rule: its id, the schema of its settings, the codes of the violations it finds. */
export type RuleSettings = {
  readonly id: string;
  readonly settings: z.ZodType;
  readonly finds?: readonly ReasonCode[];
};

export const apiVersion = 'aloft.dev/v1alpha1';

const texts = z.record(z.string(), z.string());
const glob = z.string().min(1).describe('a glob: `*` is any run of characters, `?` is one');
const globs = z.array(glob).min(1);
const images = z
  .array(
    glob.regex(/^[^@:]*(:\d+\/[^@:]*)?$/, {
      error: 'expected a repository without tag and digest, which are not compared',
    }),
  )
  .min(1)
  .describe('image repositories, without tag and digest; the end of the path is enough');
const labelGlobs = z.record(z.string().min(1), z.string()).describe('label keys, each with a glob for its value');

// Names become keys of audit annotations, and labels of metrics.
const ruleName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, {
  error: 'expected a name of a-z, 0-9, "-" and ".", at most 63 long',
});

const match = z
  .strictObject({
    namespaces: globs.optional().describe('names of namespaces'),
    namespaceLabels: labelGlobs.optional().describe("labels of the object's namespace"),
    labels: labelGlobs.optional().describe('labels of the object itself'),
    owners: z.array(z.string().min(1)).min(1).optional().describe('kinds of owner, such as Deployment or CronJob'),
    images: images.optional(),
  })
  .describe('which objects: every part that is given has to hold');

const agent = z
  .strictObject({
    name: z.string().min(1),
    labels: labelGlobs.optional(),
    images: images.optional(),
  })
  .refine((value) => value.labels !== undefined || value.images !== undefined, {
    message: 'expected `labels`, `images` or both: nothing else tells the agent from other Pods',
  });

const istioVersion = z
  .string({ error: ({ input }) => `expected a text such as "1.28", got ${JSON.stringify(input)}: put it into quotes` })
  .regex(/^\d+\.\d+$/, { error: ({ input }) => `expected MAJOR.MINOR, such as "1.28", got ${JSON.stringify(input)}` });

const cluster = z.strictObject({
  name: z.string().min(1).optional().describe("the cluster's name"),
  dataPlaneMode: z
    .enum(['sidecar', 'ambient', 'both'])
    .default('both')
    .describe("Istio's data plane; `both` when unsure: a label for the mode that is not in use does no harm"),
  istioNamespace: z.string().min(1).default('istio-system').describe("the namespace of Istio's control plane"),
  istioVersion: istioVersion
    .optional()
    .describe('MAJOR.MINOR, between quotes; without it only what holds for every version is checked'),
  agents: z.array(agent).default([]).describe('monitoring agents that aloft does not know by itself'),
});

const day = z.iso.date({ error: 'expected a day as YYYY-MM-DD' });

const exemption = z.strictObject({
  rules: z
    .array(z.string().min(1))
    .min(1)
    .describe('ids or names of rules, "*" for all, or `<rule>/<code>` for what a rule finds wrong under one code'),
  match: match.default({}),
  reason: z.string().min(1).describe('why; shown wherever the exemption takes effect'),
  expires: day.optional().describe('the last day on which the exemption holds'),
});

/** The one schema of the policy file, for the rules that exist; it gives the types, the errors and the JSON Schema. */
export function createPolicySchema(rules: readonly RuleSettings[]) {
  // A rule for several kinds is in the list once for each.
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const [first, ...rest] = [...byId.values()].map(({ id, settings }) =>
    z.strictObject({
      rule: z.literal(id),
      name: ruleName.optional().describe('needed when the policy uses the rule more than once'),
      mode: z.enum(modes).default('enforce').describe('how the rule acts: see the modes'),
      match: match.default({}),
      settings: settings.prefault({}),
    }),
  );
  if (first === undefined) throw new Error('a policy schema needs at least one rule');
  const entry = z
    .discriminatedUnion('rule', [first, ...rest])
    .transform((value) => ({ ...value, name: value.name ?? value.rule }));
  return z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('Policy'),
    // kustomize says in an annotation how a policy is run as a function.
    metadata: z.strictObject({ name: z.string().min(1), labels: texts.optional(), annotations: texts.optional() }),
    spec: z.strictObject({
      cluster: cluster.prefault({}),
      onOversize: z
        .enum(['allow', 'deny'])
        .default('allow')
        .describe('the answer to a request that is too large to be read'),
      rules: z.array(entry),
      exemptions: z.array(exemption).default([]),
    }),
  }) satisfies z.ZodType<Policy>;
}
