import { advance } from '../../../src/certificates/advance.js';
import { choose } from '../../../src/certificates/choose.js';
import { decide } from '../../../src/certificates/decide.js';
import type { Action } from '../../../src/certificates/state.js';
import type { World } from './world.js';

/** What a replica is made of: the code under test, or a twin of it with a mistake put in. */
export type Algorithm = {
  readonly decide: typeof decide;
  readonly choose: typeof choose;
  readonly advance: typeof advance;
  /** Which of its two reads comes first. */
  readonly readsFirst: 'secret' | 'configurations';
  /** Whether a write that was made for one version takes effect on the one that is there. */
  readonly lands: { readonly onSecret: Lands; readonly onBundles: Lands };
};

type Lands = (seen: number, live: number) => boolean;
const unchanged: Lands = (seen, live) => seen === live;

export const aloft: Algorithm = {
  decide,
  choose,
  advance,
  readsFirst: 'configurations',
  lands: { onSecret: unchanged, onBundles: unchanged },
};

/** What a replica did in one step. */
export type Taken = { readonly world: World; readonly did: string; readonly action?: Action };
