import type { Edit } from '../model/edit.js';
import { sameEnv } from '../model/env.js';
import type { Container, ContainerRef, EnvVar, ObjectMeta, Pod } from '../model/kubernetes.js';
import { ownValue } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';

/** What became of a rule's edits on one object. */
export type Applied = {
  /** The object with the edits; it shares with the old one whatever did not change. */
  readonly after: Pod;
  /** The edits that changed something, in order. */
  readonly edits: readonly Edit[];
  /** The edits whose wish the object already fulfils. */
  readonly inPlace: readonly Edit[];
  /** What its author set otherwise, and keeps. */
  readonly notes: readonly Reason[];
};

/**
 * Applies the edits of one rule to an object; the author wins.
 * Throws when an edit names a container that is not there: the rule is at fault.
 */
export function applyEdits(object: Pod, wishes: readonly Edit[]): Applied {
  let after = object;
  const edits: Edit[] = [];
  const inPlace: Edit[] = [];
  const notes: Reason[] = [];
  for (const edit of wishes) {
    const verdict = compare(after, edit);
    if (verdict === 'wanted') {
      after = applyEdit(after, edit, edits);
      edits.push(edit);
    } else if (verdict === 'in-place') {
      inPlace.push(edit);
    } else {
      notes.push(verdict);
    }
  }
  return { after, edits, inPlace, notes };
}

/** Whether an edit has something to do, nothing to do, or comes up against what the author decided. */
function compare(object: Pod, edit: Edit): 'wanted' | 'in-place' | Reason {
  switch (edit.kind) {
    case 'label':
      return compareValue(ownValue(object.metadata?.labels, edit.key), edit);
    case 'annotation':
      return compareValue(ownValue(object.metadata?.annotations, edit.key), edit);
    case 'env':
      return compareEnv(containerAt(object, edit.container), edit);
    case 'volume': {
      const present = object.spec?.volumes?.find(({ name }) => name === edit.volume.name);
      if (present === undefined) return 'wanted';
      const same = present.hostPath?.path === edit.volume.hostPath?.path;
      return same ? 'in-place' : because('volume-name-taken', `volume ${edit.volume.name} is another one`);
    }
    case 'volumeMount': {
      const { name, mountPath } = edit.mount;
      const mounts = containerAt(object, edit.container).volumeMounts ?? [];
      const present = mounts.find((mount) => mount.mountPath === mountPath);
      if (present === undefined) return 'wanted';
      return present.name === name
        ? 'in-place'
        : because('volume-name-taken', `${mountPath} is mounted from elsewhere`);
    }
    default:
      return unreachable(edit);
  }
}

type MetadataEdit = Edit & { readonly kind: 'label' | 'annotation' };

function compareValue(present: string | undefined, wish: MetadataEdit): 'wanted' | 'in-place' | Reason {
  if (present === wish.value) return 'in-place';
  if (present === undefined || present === wish.replaces) return 'wanted';
  return because('author-decided', `${wish.kind} ${wish.key} is set otherwise`);
}

function compareEnv(container: Container, edit: Edit & { readonly kind: 'env' }): 'wanted' | 'in-place' | Reason {
  const present = container.env?.find(({ name }) => name === edit.env.name);
  if (present === undefined || (edit.replaces !== undefined && present.value === edit.replaces)) return 'wanted';
  if (sameEnv(present, edit.env)) return 'in-place';
  // The value may be a secret: name the variable only.
  return because('author-decided', `${edit.env.name} is set in container ${container.name}`);
}

/** The object with one edit applied; `earlier` are the edits of the same rule before it. */
function applyEdit(object: Pod, edit: Edit, earlier: readonly Edit[]): Pod {
  switch (edit.kind) {
    case 'label':
      return withMetadata(object, { labels: { ...object.metadata?.labels, [edit.key]: edit.value } });
    case 'annotation':
      return withMetadata(object, { annotations: { ...object.metadata?.annotations, [edit.key]: edit.value } });
    case 'env':
      return withContainer(object, edit.container, (container) => ({
        ...container,
        env: withEnv(container, edit, earlier),
      }));
    case 'volume':
      return { ...object, spec: { ...object.spec, volumes: [...(object.spec?.volumes ?? []), edit.volume] } };
    case 'volumeMount':
      return withContainer(object, edit.container, (container) => ({
        ...container,
        volumeMounts: [...(container.volumeMounts ?? []), edit.mount],
      }));
    default:
      return unreachable(edit);
  }
}

const withMetadata = (object: Pod, metadata: ObjectMeta): Pod => ({
  ...object,
  metadata: { ...object.metadata, ...metadata },
});

function withContainer(object: Pod, { list, name }: ContainerRef, change: (container: Container) => Container): Pod {
  const containers = [...(object.spec?.[list] ?? [])];
  const index = containers.findIndex((container) => container.name === name);
  containers[index] = change(containerAt(object, { list, name }));
  return { ...object, spec: { ...object.spec, [list]: containers } };
}

/** New variables stand before the author's, behind those that the same rule put there before. */
function withEnv(container: Container, edit: Edit & { readonly kind: 'env' }, earlier: readonly Edit[]): EnvVar[] {
  const env = container.env ?? [];
  if (edit.replaces !== undefined)
    return env.map((variable) => (variable.name === edit.env.name ? edit.env : variable));
  const head = earlier.filter((before) => before.kind === 'env' && isNewIn(before, edit.container)).length;
  return env.toSpliced(head, 0, edit.env);
}

const isNewIn = (edit: Edit & { readonly kind: 'env' }, { list, name }: ContainerRef): boolean =>
  edit.replaces === undefined && edit.container.list === list && edit.container.name === name;

function containerAt(object: Pod, { list, name }: ContainerRef): Container {
  const container = object.spec?.[list]?.find((candidate) => candidate.name === name);
  if (container === undefined) throw new Error(`no container "${name}" in ${list}`);
  return container;
}

const unreachable = (edit: never): never => {
  throw new Error(`unknown edit ${JSON.stringify(edit)}`);
};
