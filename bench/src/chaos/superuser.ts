import pg from 'pg';

/** A connection with bounded statements, for the checker and for faults; closed afterwards. */
export async function asSuperuser<T>(
  databaseUrl: string,
  run: (database: pg.Client) => Promise<T>,
): Promise<T> {
  const database = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    // Where the line is dead and no statement ends.
    query_timeout: 70_000,
    application_name: 'chaos',
  });
  // A lost connection fails the statement under way.
  database.on('error', () => {});
  await database.connect();
  try {
    return await run(database);
  } finally {
    await database.end();
  }
}

/** The servers' own processes and those of sessions. */
export const processesOf = (databaseUrl: string): Promise<number[]> =>
  asSuperuser(databaseUrl, async (database) => {
    const { rows } = await database.query<{ pid: number }>('select pid from pg_stat_activity');
    return rows.map(({ pid }) => pid);
  });

/** Ends every session that holds a leadership, so that a process that runs takes over from one that does not. */
export const endLeaderships = (databaseUrl: string): Promise<void> =>
  asSuperuser(databaseUrl, async (database) => {
    await database.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted",
    );
  });
