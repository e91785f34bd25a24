import type { EnvVar } from './kubernetes.js';

/** Whether two variables say the same; the API server fills in `fieldRef.apiVersion`, and drops an empty value. */
export const sameEnv = (one: EnvVar, other: EnvVar): boolean =>
  (one.value ?? '') === (other.value ?? '') &&
  one.valueFrom?.fieldRef?.fieldPath === other.valueFrom?.fieldRef?.fieldPath &&
  (one.valueFrom == null) === (other.valueFrom == null);
