import { reasonsOf, type Step } from '../engine/review.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import type { Paint } from './paint.js';
import { type ReviewedManifest, type ReviewedObject, titleOf } from './reviewed.js';
import { wrap } from './wrap.js';

/** For every object: each rule, what it decided, and what decided it, also why not. */
export function traceReport(manifests: readonly ReviewedManifest[], paint: Paint): string {
  return manifests.flatMap(({ objects }) => objects.map((object) => traceObject(object, paint))).join('\n');
}

function traceObject(object: ReviewedObject, paint: Paint): string {
  const { file, line, column, namespace, review } = object;
  const asPod = review.kind === object.kind || review.steps.length === 0 ? '' : ', through the Pods it creates';
  const lines = [paint.bold(`${file}:${line}:${column} ${titleOf(object)}`), `  namespace ${namespace}${asPod}`];
  if (review.steps.length === 0) lines.push('  no rule of the policy is for this kind');
  for (const step of review.steps) lines.push(...traceStep(step, paint));
  return `${lines.join('\n')}\n`;
}

function traceStep(step: Step, paint: Paint): string[] {
  const head = `  ${step.name} (${step.mode}): ${outcomes(paint)[step.outcome]}`;
  if (!('edits' in step)) return [head, ...reasonsOf(step).flatMap((reason) => explain(reason, '-'))];
  return [
    head,
    ...step.edits.flatMap((edit) => [...showEdit('+', edit), ...explain(edit.reason, ' ', 8)]),
    ...step.inPlace.flatMap((edit) => showEdit('=', edit, ', already so')),
    ...step.notes.flatMap((note) => explain(note, '!')),
  ];
}

const outcomes = (paint: Paint): { readonly [outcome in Step['outcome']]: string } => ({
  edited: paint.green('edited'),
  'would-edit': paint.yellow('would edit, but the mode is audit'),
  unchanged: 'nothing to do',
  skipped: paint.dim('skipped'),
  violated: paint.red('violation'),
  failed: paint.red('failed, a fault of aloft'),
});

function explain({ code, message }: Reason, mark: string, indent = 4): string[] {
  return wrap(`${mark} ${code}: ${message}`.trimStart(), indent);
}

/** A value of several lines, such as YAML in an annotation, keeps them; any other text is broken where it is too long. */
function showEdit(mark: string, edit: Edit, remark = ''): string[] {
  const value = 'value' in edit ? edit.value : '';
  if (!value.includes('\n')) return wrap(`${mark} ${describeEdit(edit)}${remark}`, 4);
  const lines = value.trimEnd().split('\n');
  return [
    `    ${mark} ${edit.kind} ${'key' in edit ? edit.key : ''}: |${remark}`,
    ...lines.map((line) => `          ${line}`),
  ];
}

function describeEdit(edit: Edit): string {
  switch (edit.kind) {
    case 'label':
    case 'annotation':
      return `${edit.kind} ${edit.key}: ${quoted(edit.value)}`;
    case 'env': {
      const field = edit.env.valueFrom?.fieldRef?.fieldPath;
      const value = field === undefined ? quoted(edit.env.value ?? '') : `from ${field}`;
      return `env ${edit.env.name} = ${value} in ${edit.container.name}`;
    }
    case 'volume':
      return `volume ${edit.volume.name}`;
    case 'volumeMount':
      return `mount ${edit.mount.mountPath} in ${edit.container.name}`;
  }
}

/** In the quotes that do not occur in it: much of what is annotated is JSON. */
const quoted = (value: string): string => (value.includes('"') ? `'${value}'` : `"${value}"`);
