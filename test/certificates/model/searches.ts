import { minutes } from '../../../src/certificates/facts.js';
import * as event from './events.js';
import type { Search } from './explore.js';
import * as from from './starts.js';

const waits = [minutes(2.5)];
const crashes = [event.crash(0), event.crash(1)];

/** Where a search begins, and what may happen in it besides: three actors each, or three replicas. */
export const searches: readonly (readonly [string, Omit<Search, 'steps'>])[] = [
  [
    'two replicas start beside an empty Secret, and one may crash',
    {
      start: from.begin({ replicas: from.starting(2), stored: from.nothing, bundle: from.none, by: 'others' }),
      waits: [minutes(1)],
      events: [event.crash(0)],
      eventsAtMost: 1,
    },
  ],
  [
    'a certificate is due, and a replica may crash',
    {
      start: from.begin({ replicas: from.serving(2), stored: from.stable, bundle: from.one, clock: minutes(20) }),
      waits,
      events: crashes,
      eventsAtMost: 1,
    },
  ],
  [
    'the next one is staged, and the Secret may be deleted',
    {
      start: from.begin({ replicas: from.serving(2), stored: from.staged, bundle: from.one }),
      waits,
      events: [event.crash(0), event.deleteSecret, event.forgetTrusted],
      eventsAtMost: 1,
    },
  ],
  [
    'the next one is staged, and three replicas look',
    {
      start: from.begin({ replicas: from.serving(3), stored: from.staged, bundle: from.one }),
      waits: [minutes(5)],
      events: [],
      eventsAtMost: 0,
    },
  ],
  [
    'the next one is published, and the Secret may be damaged',
    {
      start: from.begin({ replicas: from.serving(2), stored: from.published, bundle: from.both }),
      waits,
      events: [event.corrupt('current'), event.forgetTrusted, event.rollBackSecret(from.stable), event.crash(0)],
      eventsAtMost: 1,
    },
  ],
  [
    'the next one has been promoted, and the bundle may be rolled back',
    {
      start: from.begin({ replicas: from.serving(2), stored: from.promoted, bundle: from.both }),
      waits,
      events: [
        event.setBundle('rolls the caBundle back', 'hooks', [from.running.ca]),
        event.wipe('hooks'),
        event.crash(0),
      ],
      eventsAtMost: 1,
    },
  ],
  [
    'a key is compromised',
    {
      start: from.begin({
        replicas: from.serving(2),
        stored: { ...from.stable, rotate: 'compromised' },
        bundle: from.one,
      }),
      waits: [minutes(1)],
      events: [event.crash(0)],
      eventsAtMost: 1,
    },
  ],
  [
    'the Secret is gone, and a replica may crash',
    {
      start: from.begin({ replicas: from.serving(2), bundle: from.one }),
      waits: [minutes(1)],
      events: crashes,
      eventsAtMost: 1,
    },
  ],
  [
    'the certificate expires',
    {
      start: from.begin({
        replicas: from.serving(2),
        stored: from.stable,
        bundle: from.one,
        clock: from.running.notAfter - minutes(2),
      }),
      waits,
      events: [event.crash(0)],
      eventsAtMost: 1,
    },
  ],
  [
    'the next one is staged and the current one damaged, and a replica starts',
    {
      start: from.begin({
        replicas: [...from.serving(1), ...from.starting(1)],
        stored: from.withoutCurrent(from.staged),
        bundle: from.one,
      }),
      waits: [minutes(1)],
      events: [],
      eventsAtMost: 0,
    },
  ],
  [
    'a key is compromised long after the last rotation, and all pairs are damaged',
    {
      start: from.begin({
        replicas: from.serving(1),
        stored: { ...from.stable, promotedAt: minutes(-50), rotate: 'compromised' },
        bundle: from.one,
      }),
      waits: [minutes(0.5)],
      events: [event.corrupt('current'), event.corrupt('next')],
      eventsAtMost: 2,
    },
  ],
];
