import type { Procedure } from '@lienthong/contracts/registry';
import { type Caller, type Database, refuse } from '@lienthong/kit';
import { isPublic } from '../domain/procedure.ts';
import { unknownProcedure } from '../domain/refusals.ts';
import { readVersion } from '../store/read.ts';
import { writesProcedures } from './deps.ts';

/** A version by its id; a draft only for callers who may write procedures. Refuses: PROCEDURE_UNKNOWN. */
export async function visibleVersion(db: Database, id: string, caller: Caller): Promise<Procedure> {
  const version = await readVersion(db, id);
  if (version && (isPublic(version) || writesProcedures(caller))) return version;
  return refuse(unknownProcedure);
}
