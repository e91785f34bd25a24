/** The load on one server, and what the system says of its process meanwhile. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import type { Running } from './servers.ts';

export type Load = {
  readonly reviewsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMb: number;
  /** Of the server's process, user and system. */
  readonly cpuMicroseconds: number;
};

/** Sends the same review over 16 connections for some seconds; an answer that is not 200 ends the benchmark. */
export async function drive({ port, process: child }: Running, body: string, seconds: number): Promise<Load> {
  const before = cpuSeconds(child.pid);
  const result = await autocannon({
    url: `https://127.0.0.1:${port}/mutate`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 16,
    duration: seconds,
    // biome-ignore lint/suspicious/noTsIgnore: @types/autocannon 7 does not know the option of autocannon 9
    // @ts-ignore
    tlsOptions: { rejectUnauthorized: false },
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} answers and ${result.errors} requests failed`);
  const total = result.requests.total;
  return {
    reviewsPerSecond: total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    rssMb: peakRssMb(child.pid),
    cpuMicroseconds: ((cpuSeconds(child.pid) - before) * 1e6) / total,
  };
}

/** The median of each figure over all rounds; the peak of the memory. */
export const merge = (loads: readonly Load[]): Load => ({
  reviewsPerSecond: median(loads.map((load) => load.reviewsPerSecond)),
  p50Ms: median(loads.map((load) => load.p50Ms)),
  p99Ms: median(loads.map((load) => load.p99Ms)),
  rssMb: Math.max(...loads.map((load) => load.rssMb)),
  cpuMicroseconds: median(loads.map((load) => load.cpuMicroseconds)),
});

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

/** proc(5): utime and stime are the 14th and 15th field of stat, in hundredths of a second. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** proc(5): the high-water mark of the resident set, in kB. */
function peakRssMb(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
