import type { Step } from '../engine/review.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import type { Paint } from './paint.js';
import { type ReviewedManifest, type ReviewedObject, titleOf } from './reviewed.js';

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
  if ('reason' in step) return [head, ...explain(step.reason, '-')];
  return [
    head,
    ...step.edits.flatMap((edit) => [...wrap(`+ ${describeEdit(edit)}`, 4), ...explain(edit.reason, ' ', 8)]),
    ...step.inPlace.flatMap((edit) => wrap(`= ${describeEdit(edit)}, already so`, 4)),
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

const width = 80;

/** Text in lines of 80 columns, all but the first a little further in; a word that is longer stays whole. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent + 2);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
