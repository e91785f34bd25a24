/**
 * A webhook as a process of its own, which computes for some milliseconds before each answer, so that requests wait on
 * connections that look idle: as they do in a network, where they are on their way. On SIGTERM it either calls
 * `server.close`, as the documentation of Node says, or drains as aloft does.
 *
 *     node slow-webhook.ts <folder of tls.crt and tls.key> <port> close|drain
 */
import { readFileSync } from 'node:fs';
import { createTlsServer } from '../../../dist/admission/tls-server.js';
import { answerReview } from './review.ts';

const [, , folder = '', port = '', ending = ''] = process.argv;
const workMs = 2;

const pair = {
  ca: '',
  cert: readFileSync(`${folder}/tls.crt`, 'utf8'),
  key: readFileSync(`${folder}/tls.key`, 'utf8'),
};
const { server, listen, drain } = createTlsServer(
  (incoming, response) =>
    answerReview(incoming, response, () => {
      const until = performance.now() + workMs;
      while (performance.now() < until);
      return [{ op: 'add', path: '/metadata/labels/twin', value: 'mutated' }];
    }),
  pair,
  { drain: { minimumMs: 3000, hardStopMs: 60_000, everyMs: 50 } },
);

process.once('SIGTERM', () => {
  if (ending === 'close') server.close();
  else void drain();
});
await listen(Number(port));
