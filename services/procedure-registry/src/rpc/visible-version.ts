import type { Procedure } from '@lienthong/contracts/registry';
import { type Caller, type Database, type Refusal, refuse } from '@lienthong/kit';
import { isPublic } from '../domain/procedure.ts';
import { unknownProcedure } from '../domain/refusals.ts';
import { readVersion } from '../store/read.ts';
import { writesProcedures } from './deps.ts';

/** A version by its id; a draft only for those who write it. Refuses: PROCEDURE_UNKNOWN. */
export async function visibleVersion(db: Database, id: string, caller: Caller): Promise<Procedure> {
  const version = await readVersion(db, id);
  if (version && (isPublic(version) || writesProcedures(caller))) return version;
  return refuse(unknownProcedure);
}

export const unknownAgency = (place: string): Refusal => ({
  kind: 'not-found',
  reason: 'AGENCY_UNKNOWN',
  message: `${place} names no agency`,
  violations: [{ field: place, description: 'names no agency', reason: 'AGENCY_UNKNOWN' }],
});
