import type { Database } from '@lienthong/kit';

/**
 * Lets services write again where the restore of deploy/backup has left the server read-only: it does so in order that a
 * service that starts before `reconcile` changes nothing. Elsewhere this does nothing.
 */
export async function allowWrites(db: Database): Promise<void> {
  const [locked] = await db.query({
    text: `select from pg_settings
            where name = 'default_transaction_read_only' and setting = 'on'
              and sourcefile like '%/postgresql.auto.conf'`,
  });
  if (locked === undefined) return;
  await db.query({ text: 'alter system reset default_transaction_read_only' });
  await db.query({ text: 'select pg_reload_conf()' });
}
