import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerStatus, LogStatus } from '@lienthong/contracts/operations';
import { within } from '../bound.ts';

/** What the platform says of its logs and consumers (`GetStatus`). */
export interface Standing {
  logs: readonly Pick<LogStatus, 'source' | 'halted' | 'sequenced' | 'published'>[];
  consumers: readonly Pick<ConsumerStatus, 'service' | 'name' | 'source' | 'cursor' | 'parked'>[];
}

/** What is not at its end: logs that are not published, consumers that have not applied, events that are parked. */
export function whatIsBehind({ logs, consumers }: Standing): string[] {
  const heads = new Map(logs.map(({ source, sequenced }) => [source, sequenced]));
  return [
    ...logs.flatMap(({ source, halted, sequenced, published }) => {
      if (halted !== '') return [`the log of ${source} is halted: ${halted}`];
      if (published < sequenced) return [`the stream of ${source} has ${published} of ${sequenced} events`];
      return [];
    }),
    ...consumers.flatMap(({ service, name, source, cursor, parked }) => {
      const consumer = `${service}/${name} of ${source}`;
      const head = heads.get(source);
      return [
        ...(parked > 0n ? [`${consumer} has parked ${parked} events`] : []),
        ...(head === undefined ? [`nobody shows the log of ${source}, which ${consumer} reads`] : []),
        ...(head !== undefined && cursor < head ? [`${consumer} is at ${cursor} of ${head}`] : []),
      ];
    }),
  ];
}

export interface SettleBounds {
  /** The longest time without any movement. */
  stallMs: number;
  /** The longest time in all. */
  wholeMs: number;
  pollMs?: number;
  /** The longest time for one reply. */
  readMs?: number;
}

/**
 * Waits until everything is published and applied.
 * @returns what is still behind at a bound; empty: nothing
 */
export async function settle(read: () => Promise<Standing>, bounds: SettleBounds): Promise<string[]> {
  const { stallMs, wholeMs, pollMs = 200, readMs = 15_000 } = bounds;
  const started = performance.now();
  let movedAt = started;
  let last: string | undefined;
  for (;;) {
    const behind = await within(readMs, 'the status of the platform', read()).then(whatIsBehind, (error) => [
      `no status: ${(error as Error).message}`,
    ]);
    const now = performance.now();
    if (behind.length === 0) return behind;
    if (behind.join() !== last) movedAt = now;
    last = behind.join();
    if (now - movedAt >= stallMs || now - started >= wholeMs) return behind;
    await sleep(pollMs);
  }
}
