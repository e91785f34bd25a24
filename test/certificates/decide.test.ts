import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/certificates/decide.js';
import { minutes } from '../../src/certificates/facts.js';
import type { Action, Ca, Configuration, State, Stored } from '../../src/certificates/state.js';
import { entriesOf, generation, terms } from './model/world.js';

const running = generation(2, minutes(-40));
const fresh = generation(3, minutes(10));
const lost = generation(4, minutes(-30));
const dead = generation(1, minutes(-121));
const names = { [running.id]: 'running', [fresh.id]: 'fresh', [lost.id]: 'lost', [dead.id]: 'dead' };

const hooks = (trusts: readonly Ca[], name = 'hooks', version = '5'): Configuration => ({
  name,
  version,
  entries: entriesOf(trusts),
});
const stable: Stored = {
  current: running,
  trusted: [running.ca],
  published: { at: minutes(-50), versions: 'hooks@5' },
  revoked: [],
};
const { published: _, ...unpublished } = stable;
const { current: __, ...bare } = stable;
const both = [running.ca, fresh.ca];
const staged: Stored = { ...unpublished, next: fresh, trusted: both };
const publishedAt = (at: number): Stored => ({ ...staged, published: { at, versions: 'hooks@5' } });
const revoked = [{ id: running.id, notAfter: running.ca.notAfter }];
const promoted: Stored = {
  ...stable,
  current: fresh,
  previous: running,
  trusted: both,
  promotedAt: minutes(-1),
  revoked,
};

const state = (secret: Stored | 'absent', changes: Partial<State> = {}): State => ({
  secret,
  configurations: [hooks([running.ca])],
  startedAt: 0,
  patched: [],
  terms,
  ...changes,
});

/** The step in one line, as a table wants it. */
function said(action: Action): string {
  const list = (some: readonly { readonly id: string }[]): string => some.map(({ id }) => names[id] ?? id).join(' ');
  switch (action.do) {
    case 'wait':
      return `wait ${action.until / 60_000} min: ${action.because}`;
    case 'trust':
      return `trust ${list(action.bundle)} in ${action.configuration}`;
    case 'install':
      return `install, adopt ${list(action.adopt)}`.trim();
    case 'restore':
      return `restore ${list([action.generation])}, adopt ${list(action.adopt)}`.trim();
    case 'adopt':
      return `adopt ${list(action.adopt)}`;
    case 'stage':
      return `stage, revoke ${list(action.revoke)}`.trim();
    case 'record':
      return `record ${action.versions}`;
    case 'prune':
      return `prune ${action.drop.map((id) => names[id]).join(' ')}`;
    default:
      return action.do;
  }
}

type Row = readonly [string, string, State, number?];
const inBoth = { configurations: [hooks(both)] };
const others = 'another replica may still serve what the Secret lost, and put it back';

describe('the ordinary course', () => {
  test.each<Row>([
    ['no Secret', 'create', state('absent')],
    [
      'an empty Secret, and nothing in use',
      'install, adopt',
      state({ trusted: [], revoked: [] }, { configurations: [hooks([])] }),
    ],
    ['all is well', 'wait 20 min: nothing to do', state(stable)],
    ['it is due', 'stage, revoke', state(stable), minutes(20)],
    ['it lacks a name', 'stage, revoke', state({ ...stable, current: { ...running, fits: false } })],
    ['a wish', 'stage, revoke', state({ ...stable, rotate: 'now' })],
    ['staged', 'trust running fresh in hooks', state(staged)],
    [
      'staged, in one of two',
      'trust running fresh in more',
      state(staged, { configurations: [hooks(both), hooks([running.ca], 'more')] }),
    ],
    ['in every bundle', 'record hooks@5', state(staged, inBoth)],
    ['recorded', 'wait 5 min: nothing to do', state(publishedAt(0), inBoth)],
    ['not yet known to all', 'wait 5 min: nothing to do', state(publishedAt(0), inBoth), minutes(5) - 1],
    ['known to all', 'promote', state(publishedAt(0), inBoth), minutes(5)],
    [
      'edited since it was recorded',
      'record hooks@6',
      state(publishedAt(0), { configurations: [hooks(both, 'hooks', '6')] }),
      minutes(5),
    ],
    ['recorded by a clock since set back', 'record hooks@5', state(publishedAt(minutes(9)), inBoth), minutes(5)],
    [
      'what waits has died',
      'stage, revoke',
      state(
        { ...publishedAt(0), next: dead, trusted: [running.ca, dead.ca] },
        { configurations: [hooks([running.ca, dead.ca])] },
      ),
    ],
    [
      'what waits lacks a name that another version of us wants',
      'promote',
      state({ ...publishedAt(0), next: { ...fresh, fits: false } }, inBoth),
      minutes(5),
    ],
    [
      'the same, before its time',
      'wait 5 min: nothing to do',
      state({ ...publishedAt(0), next: { ...fresh, fits: false } }, inBoth),
    ],
    ['a CA has expired', 'trust fresh in hooks', state({ ...promoted, revoked: [] }, inBoth), running.ca.notAfter],
    [
      'it has left the bundles',
      'prune running',
      state({ ...promoted, revoked: [] }, { configurations: [hooks([fresh.ca])] }),
      running.ca.notAfter,
    ],
    [
      'no configuration is there yet',
      'wait 1 min: nothing to do',
      state({ ...stable, published: { at: 0, versions: '' } }, { configurations: [] }),
    ],
  ])('%s: %s', (_sentence, expected, given, now = 0) => {
    expect(said(decide(given, now))).toBe(expected);
  });
});

describe('a key may be in wrong hands', () => {
  test.each<Row>([
    ['said so', 'stage, revoke running', state({ ...stable, rotate: 'compromised' })],
    [
      'said so while the next one waits',
      'stage, revoke running fresh',
      state({ ...publishedAt(0), rotate: 'compromised' }, inBoth),
    ],
    ['said so twice', 'stage, revoke fresh', state({ ...publishedAt(0), rotate: 'compromised', revoked }, inBoth)],
    ['a minute has to do', 'promote', state({ ...publishedAt(0), revoked }, inBoth), minutes(1)],
    ['the next one is served everywhere by now', 'trust fresh in hooks', state(promoted, inBoth), minutes(1)],
    ['not yet', 'wait 1 min: nothing to do', state(promoted, inBoth), minutes(1) - 1],
    [
      'a revoked CA that a bundle still holds is not taken back',
      'trust fresh in hooks',
      state({ ...promoted, trusted: [fresh.ca] }, inBoth),
      minutes(2),
    ],
    [
      'a revoked CA that is still needed is',
      'adopt running',
      state({ ...publishedAt(0), trusted: [fresh.ca], revoked }, inBoth),
    ],
  ])('%s: %s', (_sentence, expected, given, now = 0) => {
    expect(said(decide(given, now))).toBe(expected);
  });
});

describe('something was lost', () => {
  const serving = (what = running) => ({ serving: what });
  test.each<Row>([
    ['the Secret was emptied', 'restore running, adopt running', state({ trusted: [], revoked: [] }, serving())],
    [
      'and what we serve is dead',
      'install, adopt dead',
      state({ trusted: [], revoked: [] }, { ...serving(dead), configurations: [hooks([])] }),
    ],
    ['and we serve nothing', `wait 0.75 min: ${others}`, state({ trusted: [], revoked: [] })],
    ['and nobody has put it back', 'install, adopt running', state({ trusted: [], revoked: [] }), minutes(0.75)],
    [
      'and what we serve is revoked',
      `wait 0.75 min: ${others}`,
      state({ ...bare, trusted: [], revoked }, { ...serving(), ...inBoth }),
    ],
    [
      'the current pair is damaged, and the next one waits',
      `wait 0.75 min: ${others}`,
      state({ ...bare, next: fresh, trusted: both }),
    ],
    ['and nobody has put it back', 'promote', state({ ...bare, next: fresh, trusted: both }), minutes(0.75)],
    [
      'the current one is dead and another in use',
      `wait 0.75 min: ${others}`,
      state({ ...stable, current: dead, trusted: [dead.ca] }),
    ],
    [
      'the current one is dead and none in use',
      'install, adopt',
      state({ ...stable, current: dead, trusted: [dead.ca] }, { configurations: [hooks([dead.ca])] }),
    ],
    [
      'the current one is dead and the next one waits',
      'promote',
      state({ ...staged, current: dead, trusted: both }, { configurations: [hooks([dead.ca])] }),
    ],
    [
      'a bundle trusts what the Secret does not know',
      'adopt lost',
      state(stable, { configurations: [hooks([running.ca, lost.ca])] }),
    ],
    ['we serve what the Secret does not know', 'adopt lost', state(stable, serving(lost))],
    ['the Secret has forgotten the CA of what waits', 'adopt fresh', state({ ...staged, trusted: [running.ca] })],
    [
      'an unknown CA has expired',
      'trust running in hooks',
      state(stable, { configurations: [hooks([running.ca, { ...lost.ca, notAfter: 0 }])] }),
    ],
    ['a bundle was emptied', 'trust running in hooks', state(stable, { configurations: [hooks([], 'hooks', '6')] })],
  ])('%s: %s', (_sentence, expected, given, now = 0) => {
    expect(said(decide(given, now))).toBe(expected);
  });

  test('a CA that is none of ours is taken out', () => {
    const entries = [{ name: 'pods', trusts: [running.ca], foreign: true }];
    const given = state(stable, { configurations: [{ name: 'hooks', version: '6', entries }] });
    expect(said(decide(given, 0))).toBe('trust running in hooks');
  });
});

describe('someone rewrites the bundle again and again', () => {
  const seconds = (count: number): number => count * 1000;
  const patches = (count: number): readonly number[] => Array.from({ length: count }, (_one, at) => seconds(at));
  test.each<[string, readonly number[], number, string]>([
    ['four times', patches(4), seconds(4), 'trust running in hooks'],
    ['five times', patches(5), seconds(5), 'wait until 14 s'],
    ['five times, and ten seconds have passed', patches(5), seconds(14), 'trust running in hooks'],
    ['six times', patches(6), seconds(6), 'wait until 25 s'],
    ['eight times', patches(8), seconds(8), 'wait until 87 s'],
    ['twenty times', patches(20), seconds(20), 'wait until 619 s'],
    ['five times, but long ago', patches(5), minutes(11), 'trust running in hooks'],
    ['five times, by a clock since set back', patches(5).map((at) => at + minutes(60)), 0, 'trust running in hooks'],
  ])('%s', (_sentence, times, now, expected) => {
    const action = decide(
      state(stable, { configurations: [hooks([])], patched: times.map((at) => ({ at, configuration: 'hooks' })) }),
      now,
    );
    expect(action.do === 'wait' ? `wait until ${action.until / 1000} s` : said(action)).toBe(expected);
    if (action.do === 'wait') expect(action.because).toBe('someone keeps rewriting the caBundle of hooks');
  });

  test('another one is repaired meanwhile', () => {
    const configurations = [hooks([]), hooks([], 'others')];
    const patched = patches(5).map((at) => ({ at, configuration: 'hooks' }));
    expect(said(decide(state(stable, { configurations, patched }), seconds(5)))).toBe('trust running in others');
  });
});
