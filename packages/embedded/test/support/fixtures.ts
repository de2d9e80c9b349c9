import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { type Stack, type StackOptions, startStack } from '../../src/index.ts';

/** A directory any user may pass through, deleted after the test. */
export function temporaryDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lienthong-embedded-'));
  chmodSync(dir, 0o711);
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** As `mkdir`, but nobody but its owner may enter. */
export function closedDirectory(parent: string): string {
  const dir = join(parent, 'closed');
  mkdirSync(dir, { mode: 0o700 });
  return dir;
}

/** A running stack, stopped after the test. */
export async function running(options: StackOptions): Promise<Required<Stack>> {
  const stack = await startStack(options);
  onTestFinished(() => stack.stop());
  return stack as Required<Stack>;
}

export async function query(databaseUrl: string, sql: string): Promise<unknown[][]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** nats.js ignores the login of a URL. */
export function connectTo(natsUrl: string) {
  const { host, username: user, password: pass } = new URL(natsUrl);
  return connect({ servers: host, user, pass, reconnect: false });
}

/** Puts one row and one message into the stack. */
export async function write(urls: { databaseUrl: string; natsUrl: string }, text: string): Promise<void> {
  await query(urls.databaseUrl, 'create table if not exists note (body text)');
  await query(urls.databaseUrl, `insert into note (body) values ('${text}')`);
  const connection = await connectTo(urls.natsUrl);
  try {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'NOTES', subjects: ['note'] });
    await jetstream(connection).publish('note', text);
  } finally {
    await connection.close();
  }
}

export const rows = async (databaseUrl: string) =>
  (await query(databaseUrl, 'select body from note order by body')).flat();

/** The messages of the stream, or undefined when there is no such stream. */
export async function messages(natsUrl: string): Promise<string[] | undefined> {
  const connection = await connectTo(natsUrl);
  try {
    const manager = await jetstreamManager(connection);
    const info = await manager.streams.info('NOTES').catch(() => undefined);
    if (!info) return undefined;
    const bodies: string[] = [];
    for (let seq = info.state.first_seq; seq <= info.state.last_seq; seq++) {
      const message = await manager.streams.getMessage('NOTES', { seq });
      if (message) bodies.push(message.string());
    }
    return bodies;
  } finally {
    await connection.close();
  }
}
