import pg from 'pg';
import { closedLoop } from '../load.ts';

/** Durable single-row commits per second, one connection per caller. */
export async function postgresCommits(url: string, callers: number, seconds: number): Promise<number> {
  const clients = Array.from({ length: callers }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query(
      'create table limit_probe (id bigint generated always as identity primary key, body text)',
    );
    return await closedLoop(callers, seconds, (caller) =>
      (clients[caller] as pg.Client).query({
        name: 'probe',
        text: 'insert into limit_probe (body) values ($1)',
        values: ['một dòng'],
      }),
    );
  } finally {
    await clients[0]?.query('drop table if exists limit_probe');
    await Promise.all(clients.map((client) => client.end()));
  }
}
