import type { Edit } from './edit.js';
import type { Reason } from './reason.js';

/** What a rule says about one object. */
export type Finding =
  | { readonly edits: readonly Edit[]; readonly notes?: readonly Reason[] }
  | { readonly skip: Reason }
  /** For rules that check: everything that is wrong, at least one; the mode decides what becomes of it. */
  | { readonly violations: readonly Reason[] };
