import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createAlarm } from '../../../src/commands/serve/alarm.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A pause under way, and whether it is over. */
function waiting(alarm: ReturnType<typeof createAlarm>, ms = 1000) {
  let over = false;
  void alarm.wait(ms).then(() => {
    over = true;
  });
  return async (after: number): Promise<boolean> => {
    await jest.advanceTimersByTimeAsync(after);
    return over;
  };
}

test('a pause lasts as long as it should', async () => {
  const isOver = waiting(createAlarm(new AbortController().signal));
  expect(await isOver(999)).toBe(false);
  expect(await isOver(1)).toBe(true);
});

test.each<[string, (alarm: ReturnType<typeof createAlarm>, stopping: AbortController) => void]>([
  ['a ring', (alarm) => alarm.ring()],
  ['two rings', (alarm) => [alarm.ring(), alarm.ring()]],
  ['the end', (_, stopping) => stopping.abort()],
])('%s ends the pause under way, and leaves no timer', async (_, act) => {
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const isOver = waiting(alarm);
  expect(await isOver(500)).toBe(false);
  act(alarm, stopping);
  expect(await isOver(0)).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

test('a ring between two pauses is not lost, and counts once', async () => {
  const alarm = createAlarm(new AbortController().signal);
  alarm.ring();
  alarm.ring();
  expect(await waiting(alarm)(0)).toBe(true);
  const isOver = waiting(alarm);
  expect(await isOver(999)).toBe(false);
  expect(await isOver(1)).toBe(true);
});

test('a ring that ended one pause does not end the next', async () => {
  const alarm = createAlarm(new AbortController().signal);
  const isOver = waiting(alarm);
  alarm.ring();
  expect(await isOver(0)).toBe(true);
  expect(await waiting(alarm)(999)).toBe(false);
});

test('after the end no pause begins', async () => {
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  stopping.abort();
  expect(await waiting(alarm)(0)).toBe(true);
  expect(await waiting(alarm)(0)).toBe(true);
});
