import { annotationPath } from '../model/field-paths.js';
import { isRecord, type Json } from '../model/json.js';
import type { Kind, StringMap } from '../model/kubernetes.js';
import { ownValue } from '../model/metadata.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { fieldOf, losesPrecision, parseGoJson } from './datadog-json.js';
import { unknownVariable } from './datadog-template-variables.js';
import { parseGoBool } from './go-values.js';
import { quoted, shortened } from './quoted-value.js';

/** The annotations that configure the checks of one container, Service or its endpoints: all share a prefix. */
export type CheckAnnotations = { readonly annotations: StringMap; readonly prefix: string; readonly kind: Kind };

const v1Keys = ['check_names', 'init_configs', 'instances'] as const;

/**
 * What the Agent would refuse or pass over without a word of the checks under one prefix (DataDog/datadog-agent
 * comp/core/autodiscovery/common/utils: parseChecksJSON, extractCheckTemplatesFromMap, BuildTemplates).
 */
export function checkFaults(given: CheckAnnotations): readonly Reason[] {
  const { annotations, prefix } = given;
  const v1 = v1Keys.filter((key) => ownValue(annotations, prefix + key) !== undefined);
  const v2 = ownValue(annotations, `${prefix}checks`);
  if (v2 === undefined) return v1.length === 0 ? [] : v1Faults(given);
  const hidden = ownValue(annotations, `${prefix}ignore_autodiscovery_tags`) === undefined ? [] : [tagsKey];
  const masked = [...v1, ...hidden];
  if (masked.length === 0) return v2Faults(v2, given);
  const message = `${prefix}checks hides ${masked.join(', ')}: ${oneForm}`;
  return [...v2Faults(v2, given), because('datadog-v1-masked', message, annotationPath(prefix + masked[0]))];
}

const tagsKey = 'ignore_autodiscovery_tags';
const oneForm = 'keep one of the two forms';

function v2Faults(text: string, { prefix, kind }: CheckAnnotations): readonly Reason[] {
  const key = `${prefix}checks`;
  const parsed = parseGoJson(text);
  if (parsed === undefined)
    return [annotationFault('datadog-unreadable', key, ' is no JSON: write {"<check>":{"instances":[{}]}}')];
  const { value } = parsed;
  if (value !== null && !isRecord(value)) {
    return [annotationFault('datadog-unreadable', key, ' is no JSON object: write {"<check>":{"instances":[{}]}}')];
  }
  const checks = Object.entries(value ?? {});
  if (checks.length === 0)
    return kind === 'Pod'
      ? []
      : [annotationFault('datadog-no-instances', key, ' names no check: add one, or take it away')];
  return [
    ...checks.flatMap(([name, check]) => namedCheckFaults({ key, at: `: ${shortened(name)}` }, check)),
    ...contentFaults(key, text, value, kind),
  ];
}

/** Where in an annotation a check stands, as messages have it behind the key. */
type At = { readonly key: string; readonly at: string };

function namedCheckFaults({ key, at }: At, check: unknown): readonly Reason[] {
  if (check === null) return [annotationFault('datadog-no-instances', key, `${at} runs nothing: list its instances`)];
  if (!isRecord(check)) {
    return [annotationFault('datadog-unreadable', key, `${at} is no JSON object: write {"instances":[{}]}`)];
  }
  return [...fieldFaults({ key, at }, check), ...instanceFaults({ key, at }, check)];
}

function fieldFaults({ key, at }: At, check: Json): readonly Reason[] {
  const faults: Reason[] = [];
  const ignore = fieldOf(check, tagsKey) ?? false;
  if (typeof ignore !== 'boolean') {
    faults.push(annotationFault('datadog-boolean', key, `${at}.${tagsKey} is no boolean: write true or false`));
  }
  for (const name of ['name', 'check_tag_cardinality']) {
    if (typeof (fieldOf(check, name) ?? '') === 'string') continue;
    faults.push(annotationFault('datadog-unreadable', key, `${at}.${name} is no text: write it between quotes`));
  }
  return faults;
}

function instanceFaults({ key, at }: At, check: Json): readonly Reason[] {
  const instances = fieldOf(check, 'instances') ?? [];
  if (!Array.isArray(instances)) {
    return [annotationFault('datadog-unreadable', key, `${at}.instances is no list: put it into [ ]`)];
  }
  if (!instances.every(isRecord)) return [badInstance(key, `${at}.instances`)];
  // A check may be there for its logs alone.
  if (instances.length > 0 || fieldOf(check, 'logs') != null) return [];
  return [annotationFault('datadog-no-instances', key, `${at} runs nothing: list its instances`)];
}

const badInstance = (key: string, at = ''): Reason =>
  annotationFault('datadog-instance', key, `${at} holds something else than objects: write [{}]`);

function v1Faults({ annotations, prefix, kind }: CheckAnnotations): readonly Reason[] {
  const [names, inits, instances] = v1Keys.map((key) => ownValue(annotations, prefix + key));
  const faults = [...tagsFaults(annotations, prefix)];
  if (names === undefined || inits === undefined || instances === undefined) {
    const missing = v1Keys.filter((key) => ownValue(annotations, prefix + key) === undefined);
    const message = `${prefix}* lacks ${missing.join(' and ')}: the three go together`;
    const there = v1Keys.find((key) => !missing.includes(key));
    return [...faults, because('datadog-v1-incomplete', message, annotationPath(`${prefix}${there}`))];
  }
  const lists = [parseNames(names), parseConfigs(inits), parseConfigs(instances)];
  for (const [index, list] of lists.entries()) {
    const key = prefix + v1Keys[index];
    if (list === 'unreadable') {
      faults.push(annotationFault('datadog-unreadable', key, ` is no JSON list: ${shapes[index]}`));
    }
    if (list === 'instance') faults.push(badInstance(key));
  }
  const [named, inited, run] = lists;
  if (typeof named === 'string' || typeof inited === 'string' || typeof run === 'string') return faults;
  faults.push(...lengthFaults(prefix, [named ?? [], inited ?? [], run ?? []], kind));
  for (const [key, text] of [
    ['init_configs', inits],
    ['instances', instances],
  ] as const) {
    faults.push(...contentFaults(prefix + key, text, parseGoJson(text)?.value, kind));
  }
  return faults;
}

const shapes = ['write ["<check>"]', 'write [{}]', 'write [{}]'];

function tagsFaults(annotations: StringMap, prefix: string): readonly Reason[] {
  const value = ownValue(annotations, prefix + tagsKey);
  if (value === undefined || parseGoBool(value) !== undefined) return [];
  const says = `: ${quoted(value)} counts as false: write "true" or "false"`;
  return [annotationFault('datadog-boolean', prefix + tagsKey, says)];
}

/** For each entry of a v1 list how many configurations it holds, or why the Agent cannot read the list. */
type Counts = readonly number[] | 'unreadable' | 'instance';

function parseNames(text: string): Counts {
  const names = parseGoJson(text)?.value;
  if (names === null) return [];
  if (!Array.isArray(names) || !names.every((name) => name === null || typeof name === 'string')) return 'unreadable';
  return names.map((name) => (name ? 1 : 0));
}

/** An entry is an object, or a list of objects; an empty list is passed over. */
function parseConfigs(text: string): Counts {
  const configs = parseGoJson(text)?.value;
  if (configs === null) return [];
  if (!Array.isArray(configs)) return 'unreadable';
  const entries: readonly unknown[][] = configs.map((entry) => (Array.isArray(entry) ? entry : [entry]));
  if (!entries.every((entry) => entry.every(isRecord))) return 'instance';
  return entries.map((entry) => entry.length).filter((length) => length > 0);
}

function lengthFaults(
  prefix: string,
  [names, inits, instances]: readonly [readonly number[], readonly number[], readonly number[]],
  kind: Kind,
): readonly Reason[] {
  if (names.length !== inits.length || names.length !== instances.length) {
    const lengths = `${names.length} check_names, ${inits.length} init_configs and ${instances.length} instances`;
    return [
      because(
        'datadog-v1-lengths',
        `${prefix}*: ${lengths}: make them as many`,
        annotationPath(`${prefix}check_names`),
      ),
    ];
  }
  if (inits.some((length) => length !== 1)) {
    const says = ' has a list of several: write one object for each check';
    return [annotationFault('datadog-v1-lengths', `${prefix}init_configs`, says)];
  }
  // On a Pod, no check at all is how a file's own one is turned off.
  if (kind === 'Pod' || (names.length > 0 && !names.includes(0))) return [];
  return [annotationFault('datadog-no-instances', `${prefix}check_names`, ' names no check: add one, or take it away')];
}

/** What is wrong with instances and their like that can be read. */
function contentFaults(key: string, text: string, value: unknown, kind: Kind): readonly Reason[] {
  const fault = (code: ReasonCode, message: string) => annotationFault(code, key, `: ${message}`);
  const variable = unknownVariable(value, kind);
  return [
    ...(variable === undefined
      ? []
      : [fault('datadog-unknown-variable', `${variable} is no template variable: write one such as %%host%%`)]),
    ...(losesPrecision(text) ? [fault('datadog-precision', 'a number is too large: write it between quotes')] : []),
  ];
}
