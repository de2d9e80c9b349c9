import type { EventSource } from '@lienthong/eventlog';
import type { Database } from '@lienthong/kit';
import { expect, vi } from 'vitest';

const WAIT_MS = 20_000;

/** Resolves when a table of the service has these ids in these versions. */
export const waitForCopies = (db: Database, table: string, versions: ReadonlyMap<string, number>) =>
  vi.waitFor(async () => {
    const rows = await db.query<{ id: string; version: number }>({
      text: `select id, version from ${table} where id = any($1::uuid[])`,
      values: [[...versions.keys()]],
    });
    expect(new Map(rows.map((row) => [row.id, row.version]))).toEqual(versions);
  }, WAIT_MS);

/** Resolves when the service's consumers of a source stand at this position; an event that one parks fails it. */
export const waitForConsumers = (db: Database, source: EventSource, position: number) =>
  vi.waitFor(async () => {
    const cursors = await db.query<{ position: number }>({
      text: 'select distinct position from consumer_cursor where source = $1',
      values: [source],
    });
    expect(cursors).toEqual([{ position }]);
    expect(await db.query({ text: 'select error from parked_event' })).toEqual([]);
  }, WAIT_MS);
