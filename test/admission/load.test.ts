import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createLoadGate, defaultLoadLimits, type LoadGate } from '../../src/admission/load.js';

const gates: LoadGate[] = [];
const open = (bytesInFlight: number, eventLoopDelayMs = 1e6): LoadGate => {
  const gate = createLoadGate({ bytesInFlight, eventLoopDelayMs });
  gates.push(gate);
  return gate;
};
afterAll(() => {
  for (const gate of gates) gate.stop();
});

describe('bytes in flight', () => {
  test('find room up to the limit, and again when some were given back', () => {
    const { enter } = open(10);
    const six = enter(6);
    expect(enter(5)).toBeUndefined();
    const four = enter(4);
    expect(four).toBeDefined();
    expect(enter(1)).toBeUndefined();
    six?.();
    expect(enter(7)).toBeUndefined();
    expect(enter(6)).toBeDefined();
  });

  test('are given back once', () => {
    const { enter } = open(10);
    const leave = enter(6);
    enter(4);
    leave?.();
    leave?.();
    expect(enter(6)).toBeDefined();
    expect(enter(1)).toBeUndefined();
  });

  test('of a single body always find room', () => {
    const { enter } = open(10);
    const leave = enter(1000);
    expect(leave).toBeDefined();
    expect(enter(1)).toBeUndefined();
    leave?.();
    expect(enter(1)).toBeDefined();
  });

  test('are enough for three of the largest bodies', () => {
    expect(defaultLoadLimits.bytesInFlight).toBeGreaterThanOrEqual(3 * 20 * 1024 * 1024);
  });
});

test('a busy event loop turns everyone away, until it has caught up', async () => {
  const { enter } = open(1000, 100);
  expect(enter(1)).toBeDefined();
  const until = performance.now() + 1300;
  while (performance.now() < until) {
    const blocked = performance.now() + 250;
    while (performance.now() < blocked);
    await pause(1);
  }
  expect(enter(1)).toBeUndefined();
  await pause(2100);
  expect(enter(1)).toBeDefined();
});
