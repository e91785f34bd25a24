import { describe, expect, test } from '@jest/globals';
import type { Configuration, Generation, Stored } from '../../src/certificates/state.js';
import { describePair, describeStatus, type Kept } from '../../src/certificates/status.js';
import { parseGeneration } from '../../src/certificates/stored.js';
import { issueOurs, ourNames } from '../support/cluster.js';

const now = new Date('2026-11-21T05:00:00Z');
const day = 86_400_000;
const [current, next, previous] = (
  await Promise.all([issueOurs(now), issueOurs(now), issueOurs(new Date('2026-09-01'))])
).flatMap((pair) => parseGeneration(pair, ourNames) ?? []) as [Generation, Generation, Generation];

const configuration = (trusts: readonly Generation[], parts: Partial<Configuration> = {}): Configuration => ({
  name: 'MutatingWebhookConfiguration/aloft',
  version: 'uid/1',
  entries: [{ name: 'pods.aloft.dev', trusts: trusts.map(({ ca }) => ca), foreign: false }],
  ...parts,
});
const well: Stored = { current, trusted: [current.ca], revoked: [] };
const kept = (secret: Partial<Stored> | 'absent' = {}, configurations = [configuration([current])]): Kept => ({
  secret: secret === 'absent' ? secret : { ...well, ...secret },
  configurations,
});

test('an installation that is well', () => {
  expect(describeStatus(kept(), now.getTime())).toEqual({
    phase: 'stable',
    generations: [
      {
        slot: 'current',
        ca: current.id,
        chain: ['aloft', expect.stringMatching(/^aloft CA 2026-11-21 [0-9a-f]{8}$/)],
        names: ourNames,
        notBefore: '2026-11-21T04:00:00.000Z',
        notAfter: '2027-02-19T05:00:00.000Z',
        daysLeft: 90,
      },
    ],
    webhooks: [
      {
        configuration: 'MutatingWebhookConfiguration/aloft',
        webhook: 'pods.aloft.dev',
        trusts: ['current'],
        foreign: false,
      },
    ],
    problems: [],
  });
});

const { current: _, ...withoutCurrent } = well;
const until = new Date(current.notAfter).toISOString();
const at = (days: number): number => now.getTime() + days * day;
type Row = readonly [name: string, kept: Kept, time: number, problems: readonly string[]];
describe('what is wrong:', () => {
  test.each<Row>([
    [
      'nothing, in the middle of a rotation',
      kept({ next, trusted: [current.ca, next.ca] }, [configuration([current, next])]),
      at(0),
      [],
    ],
    ['nothing, when it was just promoted', kept({ previous }, [configuration([previous, current])]), at(0), []],
    ['no Secret', kept('absent'), at(0), ['the Secret is not there: is aloft running, and may it create its Secret?']],
    [
      'an empty Secret',
      { ...kept(), secret: withoutCurrent },
      at(0),
      ['the Secret holds no certificate that can be served: is aloft running?'],
    ],
    ['expired', kept(), at(91), [`the current certificate is not valid now (until ${until})`]],
    ['not valid yet', kept(), at(-1), [`the current certificate is not valid now (until ${until})`]],
    ['renewed in time, just', kept(), at(67), []],
    [
      'renewed too late',
      kept(),
      at(68),
      [`the current certificate should have been renewed long ago (valid until ${until}): is aloft running?`],
    ],
    [
      'a name too few',
      kept({ current: { ...current, fits: false } }),
      at(0),
      ['the current certificate lacks a name that clients verify; a rotation adds it'],
    ],
    [
      'revoked',
      kept({ revoked: [{ id: current.id, notAfter: current.notAfter }] }),
      at(0),
      ['the current certificate is revoked, its rotation goes on'],
    ],
    ['revoked, but not this one', kept({ revoked: [{ id: previous.id, notAfter: previous.notAfter }] }), at(0), []],
    ['no configuration', kept({}, []), at(0), ['no webhook configuration of ours is there: nothing calls aloft']],
    [
      'no webhook of ours',
      kept({}, [configuration([], { entries: [] })]),
      at(0),
      ['MutatingWebhookConfiguration/aloft: no webhook leads to our Service'],
    ],
    [
      'no trust',
      kept({}, [configuration([])]),
      at(0),
      ['MutatingWebhookConfiguration/aloft: its caBundle does not trust the current certificate'],
    ],
    [
      'trust in one of two',
      kept({}, [configuration([current]), configuration([previous], { name: 'ValidatingWebhookConfiguration/aloft' })]),
      at(0),
      ['ValidatingWebhookConfiguration/aloft: its caBundle does not trust the current certificate'],
    ],
    [
      'a stranger',
      kept({}, [configuration([], { entries: [{ name: 'pods.aloft.dev', trusts: [current.ca], foreign: true }] })]),
      at(0),
      ['MutatingWebhookConfiguration/aloft: its caBundle holds what is none of ours'],
    ],
  ])('%s', (_name, known, time, problems) => expect(describeStatus(known, time).problems).toEqual(problems));
});

test.each<[string, Kept, string]>([
  ['absent', kept('absent'), 'absent'],
  ['stable', kept(), 'stable'],
  ['staged, while nobody trusts the next', kept({ next, trusted: [current.ca, next.ca] }), 'staged'],
  [
    'published, once it was recorded',
    kept(
      {
        next,
        trusted: [current.ca, next.ca],
        published: { at: at(0), versions: 'MutatingWebhookConfiguration/aloft@uid/1' },
      },
      [configuration([current, next])],
    ),
    'published',
  ],
])('the phase is %s', (_name, known, phase) => expect(describeStatus(known, now.getTime()).phase).toBe(phase));

test('each generation stands in its slot, and bundles name the slots; what is in none by its fingerprint', () => {
  const { generations, webhooks } = describeStatus(
    kept({ next }, [configuration([current, next, previous])]),
    now.getTime(),
  );
  expect(generations.map(({ slot, ca }) => [slot, ca])).toEqual([
    ['current', current.id],
    ['next', next.id],
  ]);
  expect(webhooks[0]?.trusts).toEqual(['current', 'next', previous.id]);
});

test.each<[string, number, number]>([
  ['a whole day', -1 * day, 1],
  ['a little less than a day', -1 * day + 1, 0],
  ['the end', 0, 0],
  ['a moment after the end', 1, -1],
])('the days left, at %s', (_name, offset, days) => {
  expect(describePair(current.pair, current.notAfter + offset).daysLeft).toBe(days);
});

test('nothing of a key is in it', () => {
  expect(JSON.stringify(describeStatus(kept({ next, previous }), now.getTime()))).not.toMatch(/BEGIN|PRIVATE/);
});

test('addresses are names too', async () => {
  const { issuePair } = await import('../../src/certificates/issue.js');
  const pair = await issuePair({ names: ['a.b'], ips: ['10.0.0.1', '::1'], now, lifetimeDays: 1 });
  expect(describePair(pair, now.getTime()).names).toEqual(['a.b', '10.0.0.1', '0:0:0:0:0:0:0:1']);
});
