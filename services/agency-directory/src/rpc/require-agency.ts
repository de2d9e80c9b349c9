import type { Agency } from '@lienthong/contracts/directory';
import { type Database, refuse } from '@lienthong/kit';
import { toRefusal } from '../domain/problem.ts';
import { getAgency } from '../store/agencies.ts';

/** The agency with an id. Refuses: UNKNOWN_AGENCY, naming the field. */
export async function requireAgency(db: Database, id: string, field = 'agency_id'): Promise<Agency> {
  const agency = await getAgency(db, id);
  const description = `there is no agency ${id}`;
  return agency ?? refuse(toRefusal([{ kind: 'not-found', reason: 'UNKNOWN_AGENCY', field, description }]));
}
