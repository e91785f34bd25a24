import { expect, test } from '@jest/globals';
import { createBatches, type Stage } from '../../src/admission/batch.js';

/** Work of three stages for each name, and what happened in which order. */
function workshop() {
  const schedule = createBatches();
  const log: string[] = [];
  const note = (line: string): undefined => void log.push(line);
  const add = (name: string, bytes = 1, failsAt?: number): void => {
    const stage = (number: number): Stage => {
      return () => {
        if (number === failsAt) throw new Error(`${name} failed`);
        note(`${name}${number}`);
        return number === 3 ? undefined : stage(number + 1);
      };
    };
    const fail = (error: unknown) => note(String(error));
    schedule({ bytes, begin: stage(1), fail, end: () => note(`${name} ends`) });
  };
  return { log, add };
}

const turn = () => new Promise(setImmediate);

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await turn();
}

test('work begins when a turn of the event loop has brought nobody new', async () => {
  const { log, add } = workshop();
  add('a');
  await turn();
  expect(log).toEqual([]);
  await turn();
  expect(log).toEqual(['a1', 'a2', 'a3', 'a ends']);
});

test('requests that arrive together go through each stage together', async () => {
  const { log, add } = workshop();
  add('a');
  add('b');
  await turns(2);
  expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a ends', 'b3', 'b ends']);
});

test('whoever arrives in the next turn still joins', async () => {
  const { log, add } = workshop();
  add('a');
  await turn();
  add('b');
  await turns(2);
  expect(log.slice(0, 4)).toEqual(['a1', 'b1', 'a2', 'b2']);
});

test('whoever comes turn after turn keeps the first one waiting for fifteen others at most', async () => {
  const { log, add } = workshop();
  for (let index = 0; index < 16; index++) {
    expect(log).toEqual([]);
    add(`r${index}-`);
    await turn();
  }
  expect(log).toHaveLength(16 * 4);
});

test('a fault ends the work of one request, and of no other', async () => {
  const { log, add } = workshop();
  add('a', 1, 2);
  add('b');
  await turns(2);
  expect(log).toEqual(['a1', 'b1', 'Error: a failed', 'a ends', 'b2', 'b3', 'b ends']);
});

test('of many requests sixteen go first, and the others follow by themselves', async () => {
  const { log, add } = workshop();
  for (let index = 0; index < 17; index++) add(`r${index}-`);
  await turn();
  expect(log).toHaveLength(16 * 4);
  await turns(2);
  expect(log.slice(16 * 4)).toEqual(['r16-1', 'r16-2', 'r16-3', 'r16- ends']);
});

test('large ones are worked on one by one, so that only one of them is in memory as an object', async () => {
  const { log, add } = workshop();
  const large = 1024 * 1024 + 1;
  add('a', large);
  add('b', large);
  add('c');
  await turn();
  expect(log).toEqual(['a1', 'a2', 'a3', 'a ends']);
  await turns(3);
  expect(log.slice(4)).toEqual(['b1', 'b2', 'b3', 'b ends', 'c1', 'c2', 'c3', 'c ends']);
});

test('what arrives while a batch is worked on is not lost', async () => {
  const { log, add } = workshop();
  add('a');
  setImmediate(() => setImmediate(() => add('b')));
  await turns(5);
  expect(log).toContain('b ends');
});

test('nor is what arrives in the middle of a stage, and each is worked on once', async () => {
  const log: string[] = [];
  const schedule = createBatches();
  const work = (name: string, then: () => void): void => {
    const begin = (): undefined => {
      log.push(name);
      then();
    };
    schedule({ bytes: 1, begin, fail: (error) => log.push(String(error)), end: () => undefined });
  };
  work('a', () => work('b', () => work('c', () => undefined)));
  await turns(10);
  expect(log).toEqual(['a', 'b', 'c']);
});
