import { type ReasonCode, reasons, warns } from '../model/reason.js';
import { type Check, checkId, type Entry, type EntryLevel, entryLevels } from './entries.js';

/** What entries are about, for a reader who has never heard of it. */
export type CheckDescription = {
  readonly id: string;
  /** Of its entries, unless a policy changes it. */
  readonly level: EntryLevel;
  readonly meaning: string;
  /** What to do about it, as plain text. */
  readonly help: string;
};

/** A description of each thing that the entries are about, sorted by id. */
export function describeChecks(entries: readonly Entry[]): readonly CheckDescription[] {
  const gravest = new Map<string, Entry>();
  for (const entry of entries) {
    const id = checkId(entry.check);
    const other = gravest.get(id);
    if (other === undefined || entryLevels.indexOf(entry.level) < entryLevels.indexOf(other.level)) {
      gravest.set(id, entry);
    }
  }
  return [...gravest].map(([, { check, level }]) => describeCheck(check, level)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function describeCheck(check: Check, level: EntryLevel): CheckDescription {
  const own = ownChecks[checkId(check)];
  if (own !== undefined) return { id: checkId(check), ...own };
  const code = check.code as ReasonCode;
  // A mode makes warnings of violations, which says nothing of what they are about.
  const usual = level === 'warning' && !warns(code) ? 'violation' : level === 'note' ? 'change' : level;
  const help = isFault(code)
    ? 'Please report it: whatever the object is, aloft should not stop.'
    : `${helpOn[usual === 'change' ? 'change' : 'fault']} To leave an object out, annotate it with aloft.dev/exempt: "${check.rule}", or add an entry to the policy's exemptions.`;
  return {
    id: checkId(check),
    level: usual,
    meaning: reasons[code].meaning,
    help,
  };
}

const isFault = (code: ReasonCode): boolean => code === 'rule-failed' || code === 'patch-failed';

const helpOn = {
  change:
    'Nothing has to be done: aloft makes this change when the object is admitted. To see every change with its reason, run aloft review; to write the changes into the files, run aloft fix.',
  fault:
    'Change the field that the message names. To see everything that rules decide about the object, and why, run aloft explain.',
} as const;

/** What is no rule's. */
const ownChecks: Readonly<Record<string, Omit<CheckDescription, 'id'>>> = {
  'input/unreadable': {
    level: 'problem',
    meaning: 'a part of the input cannot be read, so nothing in it was reviewed',
    help: 'Mend what the message names. A template has to be rendered first, for example with helm template or kustomize build.',
  },
  'input/duplicate-key': {
    level: 'warning',
    meaning: reasons['duplicate-key'].meaning,
    help: 'Keep one of the keys. kubectl and Helm take the last one without a word, kustomize refuses the file.',
  },
  'exemption/unused': {
    level: 'note',
    meaning: 'an exemption keeps nothing from any rule',
    help: 'Remove the exemption: some day it may cover what nobody meant to exempt.',
  },
  'exemption/expired': {
    level: 'note',
    meaning: 'an exemption has expired, and rules decide again on what it covered',
    help: 'Remove the exemption, or give it another date.',
  },
};
