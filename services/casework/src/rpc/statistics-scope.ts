import { type CallInfo, callerOf, instant, type Refusal, refuse } from '@lienthong/kit';
import { type AgencyRegister, parentAt, standsForAll } from '@lienthong/reference-data';
import type { Edge } from './edge.ts';

const SEE_ALL = ['auditor', 'admin'] as const;

/**
 * Whose figures a caller sees; undefined: everybody's. Auditors and administrators all, a leader those of the agency
 * and of all below it today, others those of their agency; each with what was done by agencies it stands for.
 */
export async function figuresFor(
  { db, clock, reference: { agencies } }: Pick<Edge, 'db' | 'clock' | 'reference'>,
  info: CallInfo,
): Promise<readonly string[] | undefined> {
  const { roles } = info.principal;
  await agencies.refresh(db);
  if (SEE_ALL.some((role) => roles.includes(role))) return undefined;
  const callerId = callerOf(info);
  const { today } = instant(clock);
  return roles.includes('leader')
    ? below(agencies, callerId, today)
    : standsForAll(agencies, callerId, today);
}

/** An agency, those it stands for, and the same of everyone placed under it at a date. */
function below(agencies: AgencyRegister, agencyId: string, date: string): readonly string[] {
  const found = new Set([agencyId]);
  // A Set is walked through to what is added on the way.
  for (const id of found) {
    for (const predecessor of standsForAll(agencies, id, date)) found.add(predecessor);
    for (const childId of agencies.children(id)) {
      const child = agencies.get(childId);
      if (child && parentAt(agencies, child, date)?.id === id) found.add(childId);
    }
  }
  return [...found];
}

/** The agencies asked for among those whose figures the caller sees. */
export function narrowed(
  seen: readonly string[] | undefined,
  agencyId: string,
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
