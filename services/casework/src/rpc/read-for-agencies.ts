import type { Context } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import type { Deps } from './deps.ts';

/**
 * Reads for the caller's agency and every agency that it stands for. The directory's changes are read at the same time;
 * when there are any, the agencies may differ, and the result is read again.
 */
export async function readForAgencies<T>(
  { caller, today }: Pick<Context, 'caller' | 'today'>,
  { db, reference, procedures }: Pick<Deps, 'db' | 'reference' | 'procedures'>,
  read: (agencyIds: readonly string[]) => Promise<T>,
): Promise<T> {
  const readNow = () => read(standsForAll(reference.agencies, caller.agencyId, today));
  const [changed, , first] = await Promise.all([
    reference.agencies.refresh(db),
    procedures.refresh(db),
    readNow(),
  ]);
  return changed ? readNow() : first;
}
