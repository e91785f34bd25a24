import type { Edit } from '../model/edit.js';
import { sameEnv } from '../model/env.js';
import type { Container, ContainerRef, EnvVar, Pod, Volume, VolumeMount } from '../model/kubernetes.js';
import { ownValue } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { createDraft, type Draft, type Open } from './draft.js';
import { pathOfEdit } from './places.js';

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
  const draft = createDraft(object);
  // What the draft holds while edits change it; nobody else sees it before they are done.
  const after = draft.root as Pod;
  const edits: Edit[] = [];
  const inPlace: Edit[] = [];
  const notes: Reason[] = [];
  const heads: Heads = new Map();
  for (const edit of wishes) {
    const verdict = compare(after, edit);
    if (verdict === 'wanted') {
      writeEdit(draft, edit, heads);
      edits.push(edit);
    } else if (verdict === 'in-place') {
      inPlace.push(edit);
    } else {
      // As the rule saw it: the draft may have grown at the head of a list since.
      notes.push({ ...verdict, at: pathOfEdit(edit, object) });
    }
  }
  return { after: edits.length === 0 ? object : after, edits, inPlace, notes };
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
  if (present === undefined) return 'wanted';
  if (sameEnv(present, edit.env)) return 'in-place';
  if (present.valueFrom == null && (present.value ?? '') === edit.replaces) return 'wanted';
  // The value may be a secret: name the variable only.
  return because('author-decided', `${edit.env.name} is set in container ${container.name}`);
}

/** How many variables the same rule has put at the head of each list already. */
type Heads = Map<Open, number>;

/** Writes one edit into the draft. */
function writeEdit(draft: Draft, edit: Edit, heads: Heads): void {
  switch (edit.kind) {
    case 'label':
    case 'annotation': {
      const metadata = opened<Open>(draft, draft.root, 'metadata', {});
      opened<Open>(draft, metadata, `${edit.kind}s`, {})[edit.key] = edit.value;
      break;
    }
    case 'env':
      writeEnv(draft, edit, heads);
      break;
    case 'volume':
      opened<Volume[]>(draft, opened<Open>(draft, draft.root, 'spec', {}), 'volumes', []).push(edit.volume);
      break;
    case 'volumeMount':
      opened<VolumeMount[]>(draft, openContainer(draft, edit.container), 'volumeMounts', []).push(edit.mount);
      break;
    default:
      unreachable(edit);
  }
}

/** New variables stand before the author's, behind those that the same rule put there before. */
function writeEnv(draft: Draft, edit: Edit & { readonly kind: 'env' }, heads: Heads): void {
  const container = openContainer(draft, edit.container);
  const env = opened<EnvVar[]>(draft, container, 'env', []);
  if (edit.replaces !== undefined) {
    const index = env.findIndex(({ name }) => name === edit.env.name);
    env[index] = { ...env[index], ...edit.env };
    return;
  }
  const head = heads.get(container) ?? 0;
  env.splice(head, 0, edit.env);
  heads.set(container, head + 1);
}

/** What stands under a key of the draft, or what is missing there. */
function opened<T extends object>({ open }: Draft, parent: Open, key: string | number, missing: T): T {
  const present = open(parent, key);
  if (present !== undefined) return present as T;
  parent[key] = missing;
  return missing;
}

function openContainer(draft: Draft, { list, name }: ContainerRef): Open {
  const spec = opened<Open>(draft, draft.root, 'spec', {});
  const containers = opened<Container[]>(draft, spec, list, []);
  const index = containers.findIndex((container) => container.name === name);
  return opened<Open>(draft, containers as unknown as Open, index, {});
}

function containerAt(object: Pod, { list, name }: ContainerRef): Container {
  const container = object.spec?.[list]?.find((candidate) => candidate.name === name);
  if (container === undefined) throw new Error(`no container "${name}" in ${list}`);
  return container;
}

const unreachable = (edit: never): never => {
  throw new Error(`unknown edit ${JSON.stringify(edit)}`);
};
