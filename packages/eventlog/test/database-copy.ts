import { type Servers, tallyProcess } from './fixture.ts';

export interface DatabaseCopy extends Servers {
  drop(): Promise<void>;
}

/** The database as it is now, under another name, as a restore from a backup gives it. Nobody may be connected to it. */
export async function copyDatabase(servers: Servers): Promise<DatabaseCopy> {
  const url = new URL(servers.databaseUrl);
  const name = url.pathname.slice(1);
  const copy = `${name}_backup`;
  await administer(servers, `create database ${copy} template ${name}`);
  url.pathname = copy;
  return {
    ...servers,
    databaseUrl: url.href,
    drop: () => administer(servers, `drop database ${copy}`),
  };
}

async function administer(servers: Servers, text: string): Promise<void> {
  const databaseUrl = new URL('/postgres', servers.databaseUrl).href;
  const admin = await tallyProcess({ ...servers, databaseUrl });
  await admin.db.query({ text });
  await admin.stop();
}
