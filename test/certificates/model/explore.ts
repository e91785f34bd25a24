import { type Algorithm, aloft } from './algorithm.js';
import { createFingerprint } from './fingerprint.js';
import { brokenTrust, prunedEarly } from './invariants.js';
import { step } from './replica.js';
import { type World, wait } from './world.js';

/** What may happen beside the replicas' own steps: as a name, and the world after it, if it can happen there. */
export type Event = { readonly name: string; readonly happens: (world: World) => World | undefined };

export type Search = {
  readonly start: World;
  readonly steps: number;
  /** How long a wait may take, each of them possible at any time. */
  readonly waits: readonly number[];
  /** What may happen, and how often in one run. */
  readonly events: readonly Event[];
  readonly eventsAtMost: number;
};

export type Explored = {
  readonly worlds: number;
  readonly transitions: number;
  /** Those in which the search ended. */
  readonly last: readonly World[];
  readonly broken?: Broken;
};
export type Broken = { readonly invariant: string; readonly trace: readonly string[] };

type Node = { readonly world: World; readonly events: number; readonly before?: Node; readonly did: string };

/** Every order in which the actors can take their steps, breadth first: what breaks an invariant does so in the fewest. */
export function explore(search: Search, algorithm: Algorithm = aloft): Explored {
  const seen = new Set<string>();
  const fingerprint = createFingerprint();
  let frontier: readonly Node[] = [{ world: search.start, events: 0, did: 'start' }];
  let transitions = 0;
  for (let depth = 0; depth < search.steps; depth++) {
    const following: Node[] = [];
    for (const node of frontier) {
      for (const next of successors(node, search, algorithm)) {
        transitions++;
        const invariant = brokenBy(node.world, next);
        if (invariant !== undefined)
          return { worlds: seen.size, transitions, last: [], broken: { invariant, trace: traceOf(next) } };
        const key = `${next.events}|${fingerprint(next.world)}`;
        if (seen.has(key)) continue;
        seen.add(key);
        following.push(next);
      }
    }
    frontier = following;
  }
  return { worlds: seen.size, transitions, last: frontier.map(({ world }) => world) };
}

function brokenBy(before: World, { world, did }: Node): string | undefined {
  const sawOnly =
    world.configurations === before.configurations && world.secret === before.secret && world.age === before.age;
  if (sawOnly && world.replicas.every(({ serving }, at) => serving === before.replicas[at]?.serving)) return undefined;
  return brokenTrust(world) ?? (did.startsWith('replica') ? prunedEarly(before, world) : undefined);
}

function successors(node: Node, { waits, events, eventsAtMost }: Search, algorithm: Algorithm): readonly Node[] {
  const { world } = node;
  const next: Node[] = [];
  for (const index of world.replicas.keys()) {
    const { world: after, did } = step(world, index, algorithm);
    next.push({ world: after, events: node.events, before: node, did: `replica ${index} ${did}` });
    // Its two reads are two steps only where something may happen between them.
    if (after.replicas[index]?.stage.at !== 'half') continue;
    const { world: seen, did: then } = step(after, index, algorithm);
    next.push({ world: seen, events: node.events, before: node, did: `replica ${index} ${did}, ${then}` });
  }
  for (const ms of waits)
    next.push({ world: wait(world, ms), events: node.events, before: node, did: `${ms / 60_000} minutes pass` });
  if (node.events >= eventsAtMost) return next;
  for (const { name, happens } of events) {
    const after = happens(world);
    if (after !== undefined) next.push({ world: after, events: node.events + 1, before: node, did: name });
  }
  return next;
}

function traceOf(node: Node | undefined): readonly string[] {
  return node === undefined ? [] : [...traceOf(node.before), node.did];
}
