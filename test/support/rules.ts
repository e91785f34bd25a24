import { z } from 'zod';
import { planPolicy } from '../../src/engine/plan.js';
import { type Review, review } from '../../src/engine/review.js';
import type { AnyRule, Decide } from '../../src/engine/rule.js';
import type { Edit } from '../../src/model/edit.js';
import type { Container, ContainerRef, EnvVar, Pod } from '../../src/model/kubernetes.js';
import { because } from '../../src/model/reason.js';
import type { Context } from '../../src/policy/context.js';
import { contextOf, policyOf } from './reviewing.js';

/** A rule for Pods that decides as a test wants it to. */
export const ruleFor = (id: string, decide: Decide<'Pod'>): AnyRule => ({
  id,
  kind: 'Pod',
  summary: 'does what a test wants',
  settings: z.strictObject({ word: z.string().default('none') }),
  prepare: () => decide,
});

/** A rule that wishes for the same edits on every Pod. */
export const wishing = (id: string, ...edits: readonly Edit[]): AnyRule => ruleFor(id, () => ({ edits }));

const reason = because('policy-env', 'a test wants it');

export const label = (key: string, value: string, replaces?: string): Edit => ({
  kind: 'label',
  key,
  value,
  reason,
  ...(replaces === undefined ? {} : { replaces }),
});

export const annotation = (key: string, value: string): Edit => ({ kind: 'annotation', key, value, reason });

export const env = (where: string, variable: EnvVar, replaces?: string): Edit => ({
  kind: 'env',
  container: refOf(where),
  env: variable,
  reason,
  ...(replaces === undefined ? {} : { replaces }),
});

export const volume = (name: string, path: string): Edit => ({
  kind: 'volume',
  volume: { name, hostPath: { path } },
  reason,
});

export const mount = (where: string, name: string, mountPath: string): Edit => ({
  kind: 'volumeMount',
  container: refOf(where),
  mount: { name, mountPath },
  reason,
});

/** A container as `name`, an init container as `init:name`. */
const refOf = (where: string): ContainerRef =>
  where.startsWith('init:') ? { list: 'initContainers', name: where.slice(5) } : { list: 'containers', name: where };

/** A Pod of one container. */
export const podOf = (container: Omit<Container, 'name'> = {}, metadata: Pod['metadata'] = {}): Pod => ({
  metadata,
  spec: { containers: [{ name: 'app', ...container }] },
});

/** Reviews a Pod with rules of a test, all of them in the policy unless it says otherwise. */
export function reviewBy(rules: readonly AnyRule[], pod: unknown, spec?: object, known: Partial<Context> = {}): Review {
  const policy = policyOf(spec ?? { rules: rules.map(({ id }) => ({ rule: id })) }, rules);
  return review('Pod', pod, contextOf(known), planPolicy(policy, rules));
}
