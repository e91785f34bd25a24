import { describeEdit } from '../engine/describe.js';
import { reasonsOf, type Step } from '../engine/review.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import {
  type Explained,
  type ExplainedCluster,
  type ExplainedLive,
  type ExplainedPolicy,
  type Explanation,
  verdicts,
} from './explained.js';
import { lookedAt } from './looked-at.js';
import type { Paint } from './paint.js';
import { type ReviewedObject, showPlace, titleOf } from './reviewed.js';
import { visible, visibleLine } from './visible.js';
import { wrap } from './wrap.js';

type Style = { readonly paint: Paint; readonly width: number };
type Tracing = Style & Pick<Explanation, 'policy' | 'decidedAt'>;

/** For every object: each rule, what it decided, and what decided it, also why not. */
export function traceReport({ items, cluster, policy, decidedAt }: Explanation, style: Style): string {
  const tracing = { ...style, policy, decidedAt };
  const head = cluster === undefined ? [] : [introduce(cluster, policy).flatMap((fact) => tell(fact, 0, style))];
  const blocks = items.map((item) => traceObject(item, tracing));
  return [...head, ...blocks].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** What a reader should know before the objects of a cluster. */
function introduce(cluster: ExplainedCluster, { name, source, changed, instead }: ExplainedPolicy): readonly string[] {
  const { context, configurations, missingRights } = cluster;
  const since = changed === undefined ? '' : `, last changed ${changed}`;
  const why = instead === undefined ? '' : `: ${instead} (--policy names another)`;
  return [
    `context ${context}`,
    `policy "${name}", ${source}${since}${why}`,
    ...(configurations?.map((one) => `webhook configuration ${one.name}, created ${one.created}`) ?? []),
    ...(configurations?.length === 0 ? ['no webhook configuration of aloft'] : []),
    ...missingRights.map((right) => `missing right, which would tell more: ${right}`),
  ];
}

function traceObject({ object, live }: Explained, tracing: Tracing): readonly string[] {
  const { place, namespace, review } = object;
  const asPod = review.kind === object.kind || review.steps.length === 0 ? '' : ', through the Pods it creates';
  const title = live === undefined ? `${showPlace(place)} ${titleOf(object)}` : titleOf(object);
  return [
    tracing.paint.bold(visibleLine(title)),
    `  ${visibleLine(`namespace ${namespace}${asPod}${live === undefined ? '' : `, created ${live.created}`}`)}`,
    ...(review.steps.length === 0 ? ['  no rule of the policy is for this kind'] : []),
    ...review.steps.flatMap((step) => traceStep(step, { object, live }, tracing)),
    ...(live === undefined ? [] : compareLive(live, tracing)),
  ];
}

type Traced = { readonly object: ReviewedObject; readonly live: ExplainedLive | undefined };

function traceStep(step: Step, { object, live }: Traced, tracing: Tracing): readonly string[] {
  const { paint, policy, decidedAt } = tracing;
  const isMissing = step.outcome === 'edited' && live?.verdict === 'missing';
  const outcome = isMissing ? paint.red('missing') : outcomes(paint)[step.outcome];
  const head = `  ${visibleLine(step.name)} (${step.mode}): ${outcome}`;
  const explain = (reason: Reason, mark: string, indent = 4): readonly string[] => {
    const places = [policy.places.partOf(step, reason), decidedAt(object, reason)].filter((one) => one !== undefined);
    const where = places.length === 0 ? '' : ` (${places.map(showPlace).join('; ')})`;
    return tell(`${mark} ${reason.code}: ${reason.message}${where}`, indent, tracing);
  };
  if (!('edits' in step)) {
    const forgiven = 'exempt' in step ? (step.exempt ?? []) : [];
    const found = reasonsOf(step).flatMap((reason) => [
      ...explain(reason, '-'),
      ...lookedAt(object.review, reason).flatMap(([part, held]) =>
        tell(`${part}: ${held.join(', ') || 'none'}`, 8, tracing),
      ),
    ]);
    return [head, ...found, ...forgiven.flatMap((reason) => explain(reason, '!'))];
  }
  const show = (mark: string, remark: string) => (edit: Edit) => [
    ...showEdit(mark, edit, remark, tracing),
    ...explain(edit.reason, '', 8),
  ];
  return [
    head,
    ...step.edits.flatMap(show('+', '')),
    ...step.inPlace.flatMap(show('=', ', already so')),
    ...step.notes.flatMap((note) => explain(note, '!')),
  ];
}

/** What the policy wants beside what is there, and why it is not; `!` is enough to explain it, `?` may be why. */
function compareLive({ verdict, causes, next }: ExplainedLive, style: Style): readonly string[] {
  const why =
    causes.length > 0 ? 'why it is missing:' : 'it is missing, and nothing that can be seen here explains why';
  const says = verdict === 'missing' ? why : verdicts[verdict];
  return [
    ...tell(`=> ${says}`, 2, style).map((line) => (verdict === 'missing' ? style.paint.yellow(line) : line)),
    ...causes.flatMap(({ code, isSure, message }) => tell(`${isSure ? '!' : '?'} ${code}: ${message}`, 4, style)),
    ...(next === undefined ? [] : tell(`> ${next}`, 4, style)),
  ];
}

/** A sentence in lines that fit; a line break in it is none here, where it could pass for a line of ours. */
const tell = (text: string, indent: number, { width }: Style): readonly string[] =>
  wrap(visibleLine(text), indent, width);

const outcomes = (paint: Paint): { readonly [outcome in Step['outcome']]: string } => ({
  edited: paint.green('edited'),
  'would-edit': paint.yellow('would edit, but the mode is audit'),
  unchanged: 'nothing to do',
  skipped: paint.dim('skipped'),
  violated: paint.red('violation'),
  failed: paint.red('failed, a fault of aloft'),
});

/** A value of several lines, such as YAML in an annotation, keeps them; any other text is broken where it is too long. */
function showEdit(mark: string, edit: Edit, remark: string, { width }: Style): readonly string[] {
  const value = 'value' in edit ? edit.value : '';
  if (!value.includes('\n')) return wrap(visible(`${mark} ${describeEdit(edit)}${remark}`), 4, width);
  const lines = visible(value).trimEnd().split('\n');
  return [
    `    ${mark} ${edit.kind} ${'key' in edit ? visibleLine(edit.key) : ''}: |${remark}`,
    ...lines.map((line) => `          ${line}`),
  ];
}
