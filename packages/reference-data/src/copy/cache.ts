import type { Reader } from '@lienthong/kit';
import type { Kind } from './kind.ts';

/** A cache in memory that is refreshed from the copy before every use. */
export interface Refreshed {
  /**
   * Reads the changes since the last time; without any, that is one probe of an index.
   * Resolves to true when there were changes.
   */
  refresh(reader: Reader): Promise<boolean>;
  /** Grows with every change seen. */
  revision(): number;
}

/**
 * Follows a kind's table; `put` must keep the newer version, since two concurrent refreshes may end in either order.
 * @param column has the number of the change that wrote a row
 */
export function followCopies<T>(
  { table, codec }: Kind<T>,
  put: (record: T, version: number) => void,
  column = 'revision',
): Refreshed {
  let revision = 0;
  return {
    revision: () => revision,
    async refresh(reader) {
      const rows = await reader.query<{ revision: number; version: number; record: Buffer }>({
        name: `${table}_changed_since`,
        text: `select ${column} as revision, version, record from ${table} where ${column} > $1`,
        values: [revision],
      });
      for (const row of rows) {
        put(codec.decode(row.record), row.version);
        revision = Math.max(revision, row.revision);
      }
      return rows.length > 0;
    },
  };
}
