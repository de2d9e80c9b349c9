import { agencyRequired, type Context, isUuid, type Refusal, refuse } from '@lienthong/kit';
import { type AgencyRegister, parentAt, standsForAll } from '@lienthong/reference-data';
import type { Deps } from './deps.ts';

const SEE_ALL = ['auditor', 'admin'] as const;

/**
 * The agencies whose figures a caller sees; undefined for all. Auditors and administrators see all, a leader the agency
 * and all below it today, others their agency; each with the agencies that it stands for. Refuses: AGENCY_REQUIRED.
 */
export async function agenciesSeenBy(
  { caller: { agencyId, roles }, today }: Pick<Context, 'caller' | 'today'>,
  { db, reference: { agencies } }: Pick<Deps, 'db' | 'reference'>,
): Promise<readonly string[] | undefined> {
  await agencies.refresh(db);
  if (SEE_ALL.some((role) => roles.includes(role))) return undefined;
  if (!isUuid(agencyId)) refuse(agencyRequired);
  return roles.includes('leader')
    ? below(agencies, agencyId, today)
    : standsForAll(agencies, agencyId, today);
}

/** An agency, the agencies that it stands for, and the same of every agency below it at a date. */
function below(agencies: AgencyRegister, agencyId: string, date: string): readonly string[] {
  const found = new Set([agencyId]);
  // The loop also visits what it adds to the set.
  for (const id of found) {
    for (const predecessor of standsForAll(agencies, id, date)) found.add(predecessor);
    for (const childId of agencies.children(id)) {
      const child = agencies.get(childId);
      if (child && parentAt(agencies, child, date)?.id === id) found.add(childId);
    }
  }
  return [...found];
}

/** One agency among those whose figures the caller sees; '' for all of them. Refuses: FIGURES_NOT_YOURS. */
export function narrowTo(
  agencyId: string,
  seen: readonly string[] | undefined,
): readonly string[] | undefined {
  if (agencyId === '') return seen;
  if (seen && !seen.includes(agencyId)) refuse(notYours);
  return [agencyId];
}

const notYours: Refusal = {
  kind: 'permission-denied',
  reason: 'FIGURES_NOT_YOURS',
  message:
    'you see the figures of your own agency, as a leader also of those below it; leave agency_id empty for all of these',
};
