import type { Reader } from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';

/** Grows with every change of the register: each is an event of some procedure, and a procedure's row is never deleted. */
export async function readRevision(reader: Reader): Promise<string> {
  const [row] = await reader.query<{ revision: string }>({
    name: 'read_revision',
    text: 'select coalesce(sum(last_event), 0)::text as revision from procedure',
  });
  return row?.revision ?? '';
}

/** What stands for one state of the register and the agencies, in this process. */
export const basisOf = (revision: string, agencies: Pick<AgencyCache, 'revision'>): string =>
  `${revision} ${agencies.revision()}`;
