import { Agency } from '@lienthong/contracts/directory';
import type { Sql } from '@lienthong/kit';
import { type AgencyBook, agencyBook } from '../domain/agency-register.ts';

/** What reads: the database or a transaction. */
export interface Reader {
  query<R>(sql: Sql): Promise<R[]>;
}

/** The agencies in this process's memory, brought up to date from the agency table before every use. */
export interface AgencyCache extends Omit<AgencyBook, 'put'> {
  /**
   * Reads what changed since the last time: one probe of an index when nothing did.
   * Resolves to true when something had changed.
   */
  refresh(reader: Reader): Promise<boolean>;
  /** Grows with every change seen. */
  revision(): number;
}

export function createAgencyCache(): AgencyCache {
  const { put, ...book } = agencyBook();
  let revision = 0;
  return {
    ...book,
    revision: () => revision,
    async refresh(reader) {
      const rows = await reader.query<{ revision: number; record: Buffer }>({
        name: 'agencies_changed_since',
        text: 'select revision, record from agency where revision > $1',
        values: [revision],
      });
      for (const row of rows) {
        put(Agency.decode(row.record));
        revision = Math.max(revision, row.revision);
      }
      return rows.length > 0;
    },
  };
}
