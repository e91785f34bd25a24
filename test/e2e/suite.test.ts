import { afterAll, beforeAll } from '@jest/globals';
import { describeCertificates } from './scenarios/certificates.js';
import { describeCorpus } from './scenarios/corpus.js';
import { describeHealing } from './scenarios/healing.js';
import { describeIdle, type IdleChecks, startIdleChecks } from './scenarios/idle.js';
import { describeLive } from './scenarios/live.js';
import { describeMutations } from './scenarios/mutations.js';
import { describeOrder } from './scenarios/order.js';
import { describeOversize } from './scenarios/oversize.js';
import { describePrivilege } from './scenarios/privilege.js';
import { describeReplicas } from './scenarios/replicas.js';
import { describeTwins } from './scenarios/twins.js';
import { type Suite, startSuite, stopSuite } from './support/suite.js';

let suite: Suite | undefined;
const getSuite = (): Suite => {
  if (suite === undefined) throw new Error('the cluster did not start');
  return suite;
};
let idle: Promise<IdleChecks>;
const started = performance.now();

beforeAll(async () => {
  suite = await startSuite();
  idle = startIdleChecks(suite);
  // Whoever needs them says what went wrong.
  idle.catch(() => undefined);
}, 120_000);

afterAll(async () => {
  if (suite === undefined) return;
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`\n${suite.controlPlane.version}, ${seconds} s\n\n${suite.table.print()}\n\n`);
  await stopSuite(suite);
}, 60_000);

describeMutations(getSuite);
describeCorpus(getSuite);
describeOrder(getSuite);
describeCertificates(getSuite);
describeReplicas(getSuite);
describeHealing(getSuite);
describeOversize(getSuite);
describePrivilege(getSuite);
describeLive(getSuite);
describeTwins(getSuite);
describeIdle(getSuite, () => idle);
