import { type CallInfo, callerOf, instant } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import type { Edge } from './edge.ts';

/**
 * Reads for the caller's agency and every one it stands for. Which these are hangs on the directory: it is asked for
 * news in the same flight, and when there are any, everything is read again.
 */
export async function forHolders<T>(
  { db, clock, reference, procedures }: Pick<Edge, 'db' | 'clock' | 'reference' | 'procedures'>,
  info: CallInfo,
  read: (agencyIds: readonly string[]) => Promise<T>,
): Promise<T> {
  const callerId = callerOf(info);
  const { today } = instant(clock);
  const readNow = () => read(standsForAll(reference.agencies, callerId, today));
  const [changed, , first] = await Promise.all([
    reference.agencies.refresh(db),
    procedures.refresh(db),
    readNow(),
  ]);
  return changed ? readNow() : first;
}
