import { pointerTokens } from '../engine/operation.js';
import { subjectOf } from '../engine/template.js';
import { asRecord, asText, isRecord, type Json, valueAt } from '../model/json.js';
import { type Path, showPath } from '../model/problem.js';
import {
  type LocatedOperation,
  levels,
  objectsOf,
  type Remark,
  type ReviewedObject,
  type ReviewedRun,
} from './reviewed.js';
import type { Threshold } from './tally.js';

/** What a KRM function tells its orchestrator, as the specification of functions has it. */
export type KrmResult = {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly resourceRef?: Json;
  readonly field?: { readonly path: string; readonly currentValue?: unknown; readonly proposedValue?: unknown };
  readonly file?: { readonly path: string; readonly index?: number };
  readonly tags?: Readonly<Record<string, string>>;
};

/** What a run found in a ResourceList. An error is what fails the run: a function with one has to fail. */
export const krmResults = (
  run: Pick<ReviewedRun, 'manifests'>,
  list: unknown,
  threshold: Threshold,
): readonly KrmResult[] => objectsOf(run).flatMap((object) => resultsOn(object, list, threshold));

/** Results as the member of a list in YAML, each in a line of its own. */
export const resultsText = (results: readonly unknown[]): string =>
  `results:\n${results.map((result) => `- ${JSON.stringify(result)}\n`).join('')}`;

/** Whether a result is one of aloft's: those of other functions stay where they are. */
export const isOwnResult = (result: unknown): boolean => ownTags.level in asRecord(asRecord(result)['tags']);

const ownTags = { level: 'aloft.dev/level', rule: 'aloft.dev/rule', reason: 'aloft.dev/reason' } as const;

function resultsOn(object: ReviewedObject, list: unknown, threshold: Threshold): readonly KrmResult[] {
  const item = valueAt(list, object.path);
  const about = { resourceRef: refOf(object, item), ...fileOf(object, item) };
  const changes = object.operations.flatMap((operation) =>
    operation.because.map(({ at, rule, reason }) => {
      const field = fieldOf(operation, at, { list, depth: object.path.length });
      return resultOf({ level: 'change', name: rule, reason }, { ...about, field }, threshold);
    }),
  );
  const subject = subjectOf(item, object.namespace)?.path ?? [];
  const others = object.remarks
    .filter(({ level }) => level !== 'change')
    .map((remark) => {
      const { at } = remark.reason;
      const field = at === undefined ? {} : { field: { path: showPath([...subject, ...at]) } };
      return resultOf(remark, { ...about, ...field }, threshold);
    });
  return [...changes, ...others];
}

/** What a rule in mode `audit` would add is told in words: nobody proposes it. */
function resultOf(
  { level, name, reason: { code, message }, edit }: Pick<Remark, 'level' | 'name' | 'reason' | 'edit'>,
  about: Pick<KrmResult, 'resourceRef' | 'field' | 'file'>,
  threshold: Threshold,
): KrmResult {
  const fails = threshold !== 'never' && levels.indexOf(level) <= levels.indexOf(threshold);
  return {
    message: [name, ...(edit === undefined ? [] : [`would add ${edit}`]), message].join(': '),
    severity: fails ? 'error' : level === 'violation' || level === 'warning' ? 'warning' : 'info',
    ...about,
    tags: { [ownTags.level]: level, [ownTags.rule]: name, [ownTags.reason]: code },
  };
}

/** The namespace is what the object says of itself, without the one that it is reviewed for. */
function refOf({ apiVersion, kind, name }: ReviewedObject, item: unknown): Json {
  const namespace = asText(asRecord(asRecord(item)['metadata'])['namespace']);
  return { apiVersion, kind, name, ...(namespace === '' ? {} : { namespace }) };
}

/** The file that an orchestrator has read the object from, and the how manieth in it; or where kustomize says it began. */
function fileOf({ place }: ReviewedObject, item: unknown): Pick<KrmResult, 'file'> {
  const annotations = asRecord(asRecord(asRecord(item)['metadata'])['annotations']);
  const told = (name: string): string =>
    asText(annotations[`internal.config.kubernetes.io/${name}`]) || asText(annotations[`config.kubernetes.io/${name}`]);
  const path = told('path');
  if (path !== '') return { file: { path, ...(/^\d+$/.test(told('index')) ? { index: Number(told('index')) } : {}) } };
  return place.rendered === undefined ? {} : { file: { path: place.file } };
}

/** The field that a part of an operation's value is for, as it is called within the object. */
function fieldOf({ op, path, value }: LocatedOperation, at: string, { list, depth }: { list: unknown; depth: number }) {
  const target = stepsOf(list, pointerTokens(path));
  const part = stepsOf(value, pointerTokens(at));
  const current = op === 'replace' ? valueAt(list, [...target, ...part]) : undefined;
  return {
    path: showPath([...target, ...part].slice(depth)),
    ...(current === undefined ? {} : { currentValue: current }),
    proposedValue: valueAt(value, part),
  };
}

/** The tokens of a pointer with numbers where they count; the end of a list has none, and stands for the list. */
function stepsOf(root: unknown, tokens: readonly string[]): Path {
  let value = root;
  return tokens.flatMap((token) => {
    const inList = Array.isArray(value);
    value = Array.isArray(value) ? value[Number(token)] : isRecord(value) ? value[token] : undefined;
    if (inList && token === '-') return [];
    return [inList ? Number(token) : token];
  });
}
