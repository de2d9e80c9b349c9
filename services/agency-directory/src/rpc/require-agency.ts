import type { Agency } from '@lienthong/contracts/directory';
import { refuse } from '@lienthong/kit';
import { toRefusal } from '../domain/problem.ts';
import { getAgency } from '../store/agencies.ts';
import type { Directory } from './directory.ts';

/** @throws RefusalError NOT_FOUND naming the field when there is no such agency */
export async function requireAgency(
  { db }: Pick<Directory, 'db'>,
  id: string,
  field = 'agency_id',
): Promise<Agency> {
  const agency = await getAgency(db, id);
  const description = `there is no agency ${id}`;
  return agency ?? refuse(toRefusal([{ kind: 'not-found', reason: 'UNKNOWN_AGENCY', field, description }]));
}
