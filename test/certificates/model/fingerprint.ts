import type { Stored } from '../../../src/certificates/state.js';
import type { Ledger, Replica, SeenConfigurations, Stage, Version, WebhookConfiguration, World } from './world.js';

/** Tells worlds apart, with a short text for each; replicas have no names, so that their order does not matter. */
export function createFingerprint(): (world: World) => string {
  const numbers = new Map<string, number>();
  const ofStored = numbered(describeStored, numbers);
  const ofVersion = numbered(describeVersion, numbers);
  const ofConfiguration = numbered(
    ({ live, replaced }: WebhookConfiguration) =>
      `c${live === undefined ? '' : ofVersion(live)};${replaced.map(ofVersion).join()}`,
    numbers,
  );
  const ofReplica = numbered(describeReplica, numbers);
  const ofLedger = numbered(describeLedger, numbers);
  return ({ clock, age, serial, secret, configurations, replicas, ledger }) => {
    const ofSecret = secret === undefined ? '' : `${secret.version},${ofStored(secret.stored)}`;
    const ofReplicas = replicas.map(ofReplica).sort().join();
    return `${clock}|${age}|${serial}|${ofSecret}|${configurations.map(ofConfiguration).join()}|${ofReplicas}|${ofLedger(ledger)}`;
  };
}

const idsOf = (some: readonly { readonly id: string }[]): string => some.map(({ id }) => id).join();

function describeStored({ current, next, previous, trusted, published, promotedAt, rotate, revoked }: Stored): string {
  const slots = [current, next, previous].map((one) => (one === undefined ? '' : `${one.id}${one.fits}`));
  const when = [published?.at, published?.versions, promotedAt, rotate].join();
  return `s${slots.join()};${idsOf(trusted)};${when};${idsOf(revoked)}`;
}

const describeVersion = ({ serial, entries, by, until }: Version): string =>
  `v${serial};${by};${until};${entries.map(({ trusts, foreign }) => `${idsOf(trusts)}${foreign}`).join('/')}`;

/** With as few writes of others as there are in a search, no replica ever loses patience: its patches are left out. */
const describeReplica = ({ names, serving, startedAt, stage, options, warned }: Replica): string =>
  ['r', names, serving?.id, startedAt, describeStage(stage), options.join(), warned.join()].join(';');

function describeStage(stage: Stage): string {
  if (stage.at === 'idle') return '';
  const { at, secret, configurations } = stage;
  const read = [at, secret?.now, secret?.found?.version, describeSeen(configurations)].join();
  return stage.at === 'half' ? read : `${read},${stage.serving?.id},${stage.action.do}`;
}

const describeSeen = (seen: SeenConfigurations | undefined): string =>
  seen === undefined ? '?' : seen.map(({ live }) => live.serial).join('/');

const describeLedger = ({ unprotected, hasty, revoked }: Ledger): string =>
  `l${unprotected.join()};${hasty.join()};${revoked.map(({ id, age }) => `${id}@${age}`).join()}`;

/** A number for each text; most parts of a world are those of the world before, and need not be described again. */
function numbered<T extends object>(
  describe: (value: T) => string,
  numbers: Map<string, number>,
): (value: T) => number {
  const known = new WeakMap<T, number>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const text = describe(value);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(value, number);
    return number;
  };
}
