import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Clock, type Logger, pause } from '@lienthong/kit';
import { exponential, jittered } from '@lienthong/outbound';
import { makeFolders, pathIn, writeWhole } from '../folder/files.ts';
import type { System } from '../system.ts';
import type { Transport } from '../transport.ts';
import { type Axis, type AxisPackage, AxisUnavailable } from './axis.ts';

/** A package about a document that is not known is offered again so long after it was sent, then it is refused. */
const EARLY_MS = 3_600_000;
const PAUSE = { firstMs: 1_000, longestMs: 60_000 };

/**
 * Exchanges packages with an axis. A package is acknowledged after the platform has it, so that a kill in between only
 * repeats it; one for the axis stays in `state` until the axis has it, however long it is down, and ends in `failed` with the
 * answer when the axis refuses it.
 */
export async function axisTransport(
  axis: Axis,
  system: Pick<System, 'name' | 'folder'>,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Transport> {
  await makeFolders(system, ['failed']);
  /** What one call met, all wait for. */
  let failures = 0;
  let pausedUntil = 0;
  const pausedMs = () => pausedUntil - clock.now().getTime();

  async function attempt<T>(call: () => Promise<T>): Promise<T> {
    const before = failures;
    try {
      const result = await call();
      failures = 0;
      return result;
    } catch (error) {
      if (!(error instanceof AxisUnavailable)) throw error;
      // Calls that fail side by side have met the same failure.
      failures = before + 1;
      const waitMs = error.retryAfterMs ?? jittered(exponential(failures, PAUSE), Math.random());
      pausedUntil = Math.max(pausedUntil, clock.now().getTime() + waitMs);
      throw error;
    }
  }

  const offer = (one: AxisPackage) => ({
    name: one.docId,
    sizeBytes: one.sizeBytes,
    mayBeEarly: Math.abs(clock.now().getTime() - one.sentAt.getTime()) < EARLY_MS,
    read: () => attempt(() => axis.read(one)),
    answer: (answer: Parameters<Axis['acknowledge']>[1]) =>
      attempt(() => axis.acknowledge(one.docId, answer)),
  });

  return {
    async *waiting() {
      if (pausedMs() > 0) return;
      const seen = new Set<string>();
      let after = '';
      do {
        const { packages, next } = await attempt(() => axis.list(after));
        const fresh = packages.filter(({ docId }) => !seen.has(docId) && seen.add(docId));
        for (const one of fresh) yield offer(one);
        // Pages that never end are an error of the axis.
        after = fresh.length > 0 ? next : '';
      } while (after !== '');
    },

    async give(kept, signal) {
      while (true) {
        if (pausedMs() > 0) await pause(pausedMs(), signal);
        signal.throwIfAborted();
        try {
          const refused = await attempt(() => axis.send(kept, signal));
          if (refused === undefined) return await rm(kept.path);
          log.error({ system: system.name, package: kept.id, ...refused }, 'the axis refuses a package');
          const to = pathIn(system, 'failed', basename(kept.path));
          await writeWhole(`${to}.json`, `${JSON.stringify(refused, null, 2)}\n`);
          return await rename(kept.path, to);
        } catch (err) {
          signal.throwIfAborted();
          if (!(err instanceof AxisUnavailable)) throw err;
          log.warn(
            { err, system: system.name, package: kept.id, failures },
            'package not sent; will be sent again',
          );
        }
      }
    },
  };
}
