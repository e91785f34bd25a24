import type { StringMap } from '../model/kubernetes.js';
import { ownValue } from '../model/metadata.js';
import { parseGoBool } from './go-values.js';

const prefix = 'ad.datadoghq.com/';
const legacyPrefix = 'service-discovery.datadoghq.com/';

/** The two forms of an annotation for Autodiscovery: v1 is read by every Agent, v2 from 7.36 on. */
export const annotationForms = ['v1', 'v2'] as const;
export type AnnotationForm = (typeof annotationForms)[number];

/**
 * The annotations that have the Agent of the node run a check on a container: one of v2, or three lists of one element
 * each (DataDog/datadog-agent comp/core/autodiscovery/common/utils/pod_annotations.go).
 */
export function checkAnnotations(container: string, form: AnnotationForm, check: string, instance: object): StringMap {
  const own = `${prefix}${container}.`;
  return form === 'v1'
    ? {
        [`${own}check_names`]: JSON.stringify([check]),
        [`${own}init_configs`]: '[{}]',
        [`${own}instances`]: JSON.stringify([instance]),
      }
    : { [`${own}checks`]: JSON.stringify({ [check]: { init_config: {}, instances: [instance] } }) };
}

const checkKeys = ['checks', 'check_names', 'init_configs', 'instances'];

/**
 * An annotation by which the author decides what is checked on a container: any form beside ours would mask it or be
 * masked, a custom identifier takes the name's place, and an exclusion stops every check.
 */
export function authorsCheck(annotations: StringMap, container: string, wanted: StringMap): string | undefined {
  return (
    authorsForm(annotations, container, wanted) ??
    otherwise(annotations, [`${prefix}${container}.check.id`], wanted) ??
    exclusion(annotations, container, ['exclude', 'metrics_exclude'])
  );
}

/** An annotation of either form, under either prefix, that the author set otherwise; `place` may be `endpoints`. */
export function authorsForm(annotations: StringMap, place: string, wanted: StringMap): string | undefined {
  const keys = [prefix, legacyPrefix].flatMap((start) => checkKeys.map((key) => `${start}${place}.${key}`));
  return otherwise(annotations, keys, wanted);
}

/** The annotation from which the Agent of the node takes the source and service of a container's logs. */
export const logsAnnotation = (container: string, source: string, service: string | undefined) => ({
  key: `${prefix}${container}.logs`,
  value: JSON.stringify([service === undefined ? { source } : { source, service }]),
});

/** The annotation that keeps a container's logs from being collected, since Agent 7.45. */
export const logsExclusion = (container: string) => ({ key: `${prefix}${container}.logs_exclude`, value: 'true' });

/**
 * An annotation by which the author decides what becomes of a container's logs: its own, logs inside a check, checks
 * under the old prefix, beside which logs are read under that one only, a custom identifier, an exclusion.
 */
export function authorsLogs(annotations: StringMap, container: string, wanted: StringMap): string | undefined {
  const own = `${prefix}${container}.`;
  const legacy = ['logs', ...checkKeys].map((key) => `${legacyPrefix}${container}.${key}`);
  const inCheck = ownValue(annotations, `${own}checks`)?.includes('"logs"') ? `${own}checks` : undefined;
  return (
    otherwise(annotations, [`${own}logs`, `${own}logs_exclude`, `${own}check.id`, ...legacy], wanted) ??
    inCheck ??
    exclusion(annotations, container, ['exclude', 'logs_exclude'], wanted)
  );
}

const otherwise = (annotations: StringMap, keys: readonly string[], wanted: StringMap): string | undefined =>
  keys.find((key) => Object.hasOwn(annotations, key) && annotations[key] !== wanted[key]);

/** An annotation, for the container or for the whole Pod, that keeps the Agent away. */
const exclusion = (
  annotations: StringMap,
  container: string,
  names: readonly string[],
  wanted: StringMap = {},
): string | undefined =>
  names
    .flatMap((name) => [`${prefix}${name}`, `${prefix}${container}.${name}`])
    .find((key) => !Object.hasOwn(wanted, key) && parseGoBool(ownValue(annotations, key) ?? '') === true);
