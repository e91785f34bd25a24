import type { Edit } from '../model/edit.js';
import type { Container, ContainerList, Pod, StringMap } from '../model/kubernetes.js';
import { type Because, type ExplainedOperation, escapeToken } from './operation.js';

/** An edit that took effect, and the rule (by the policy's name for it) that made it. */
export type AppliedEdit = { readonly rule: string; readonly edit: Edit };

/**
 * The fewest operations that lead from an object to what the edits made of it. They are built from the edits, never by
 * comparing the two objects: comparison rewrites a list element by element when something is put at its head.
 */
export function patchOf(before: Pod, after: Pod, applied: readonly AppliedEdit[]): readonly ExplainedOperation[] {
  if (applied.length === 0) return [];
  const operations: ExplainedOperation[] = [];
  if (before.metadata == null) {
    const members = [
      ...mapMembers('labels', applied, '/labels'),
      ...mapMembers('annotations', applied, '/annotations'),
    ];
    if (members.length > 0) operations.push(add('/metadata', after.metadata, members));
  } else {
    operations.push(...mapOperations('labels', before, after, applied));
    operations.push(...mapOperations('annotations', before, after, applied));
  }
  for (const list of ['initContainers', 'containers'] as const) {
    before.spec?.[list]?.forEach((container, index) => {
      const changed = after.spec?.[list]?.[index];
      if (changed === undefined || changed === container) return;
      operations.push(...containerOperations(list, index, container, changed, applied));
    });
  }
  const volumes = applied.filter(({ edit }) => edit.kind === 'volume');
  operations.push(...appended('/spec/volumes', before.spec?.volumes, after.spec?.volumes, volumes));
  return operations;
}

const add = (path: string, value: unknown, because: readonly Because[]): ExplainedOperation => ({
  op: 'add',
  path,
  value,
  because,
});

const reasonOf = (at: string, { rule, edit }: AppliedEdit): Because => ({ at, rule, reason: edit.reason });

const editKinds = { labels: 'label', annotations: 'annotation' } as const;
type MapName = keyof typeof editKinds;

/** Why each entry of a map that is added whole is there. */
function mapMembers(name: MapName, applied: readonly AppliedEdit[], prefix = ''): Because[] {
  const members: Because[] = [];
  for (const one of applied) {
    if (one.edit.kind === editKinds[name]) members.push(reasonOf(`${prefix}/${escapeToken(one.edit.key)}`, one));
  }
  return members;
}

function mapOperations(name: MapName, before: Pod, after: Pod, applied: readonly AppliedEdit[]): ExplainedOperation[] {
  const present: StringMap | null | undefined = before.metadata?.[name];
  const path = `/metadata/${name}`;
  if (present == null) {
    const members = mapMembers(name, applied);
    return members.length === 0 ? [] : [add(path, after.metadata?.[name], members)];
  }
  const operations = new Map<string, ExplainedOperation>();
  for (const one of applied) {
    if (one.edit.kind !== editKinds[name]) continue;
    const { key, value } = one.edit;
    const op = Object.hasOwn(present, key) ? 'replace' : 'add';
    operations.set(key, { op, path: `${path}/${escapeToken(key)}`, value, because: [reasonOf('', one)] });
  }
  return [...operations.values()];
}

function containerOperations(
  list: ContainerList,
  index: number,
  before: Container,
  after: Container,
  applied: readonly AppliedEdit[],
): ExplainedOperation[] {
  const own = applied.filter(
    ({ edit }) => 'container' in edit && edit.container.list === list && edit.container.name === before.name,
  );
  const path = `/spec/${list}/${index}`;
  const mounts = own.filter(({ edit }) => edit.kind === 'volumeMount');
  return [
    ...envOperations(`${path}/env`, before, after, own),
    ...appended(`${path}/volumeMounts`, before.volumeMounts, after.volumeMounts, mounts),
  ];
}

/** Values are replaced before variables are put at the head, so that every index is the received object's. */
function envOperations(path: string, before: Container, after: Container, own: readonly AppliedEdit[]) {
  const present = before.env;
  const wanted = after.env ?? [];
  const latest = new Map<string, AppliedEdit>();
  for (const one of own) if (one.edit.kind === 'env') latest.set(one.edit.env.name, one);
  const why = (name: string, at: string): Because[] => {
    const one = latest.get(name);
    return one === undefined ? [] : [reasonOf(at, one)];
  };
  if (present == null) {
    return wanted.length === 0
      ? []
      : [
          add(
            path,
            wanted,
            wanted.flatMap(({ name }, index) => why(name, `/${index}`)),
          ),
        ];
  }
  const operations: ExplainedOperation[] = [];
  const head = wanted.length - present.length;
  present.forEach((variable, index) => {
    const kept = wanted[head + index];
    if (kept === undefined || kept === variable) return;
    const because = why(kept.name, '');
    const op = variable.value === undefined ? 'add' : 'replace';
    operations.push({ op, path: `${path}/${index}/value`, value: kept.value, because });
  });
  wanted.slice(0, head).forEach((variable, index) => {
    operations.push(add(`${path}/${index}`, variable, why(variable.name, '')));
  });
  return operations;
}

/** Elements that edits put behind those that a list had. */
function appended(
  path: string,
  before: readonly unknown[] | null | undefined,
  after: readonly unknown[] | undefined,
  edits: readonly AppliedEdit[],
): ExplainedOperation[] {
  if (after === undefined || edits.length === 0) return [];
  if (before == null)
    return [
      add(
        path,
        after,
        edits.map((one, index) => reasonOf(`/${index}`, one)),
      ),
    ];
  return after.slice(before.length).map((value, index) => {
    const one = edits[index];
    return add(`${path}/-`, value, one === undefined ? [] : [reasonOf('', one)]);
  });
}
