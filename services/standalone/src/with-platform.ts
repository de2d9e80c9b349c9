import type { ReconcileDeps } from '@lienthong/eventlog';
import {
  connectNats,
  createLog,
  type natsSettings,
  openDatabase,
  readNatsAccess,
  schemaOf,
} from '@lienthong/kit';
import type { z } from 'zod';
import { SOURCES } from './nats-users.ts';

type Settings = z.output<typeof natsSettings> & {
  NATS_URL: string;
  SUBJECT_ROOT: string;
  LOG_LEVEL: Parameters<typeof createLog>[1];
};

/**
 * Opens the databases of all services, and NATS, for a command; closes them after it. A command that fails says why and
 * ends with status 1.
 * @param urlOf the database of a service
 */
export async function withPlatform(
  settings: Settings,
  urlOf: (service: string) => string,
  run: (deps: ReconcileDeps) => Promise<void>,
): Promise<void> {
  const log = createLog('lienthong', settings.LOG_LEVEL);
  const nats = await connectNats(readNatsAccess(settings), 'operator');
  const onError = (err: Error) => log.warn({ err }, 'connection lost');
  const services = Object.entries(SOURCES).map(([name, source]) => ({
    name,
    source,
    db: openDatabase({ url: urlOf(name), schema: schemaOf(name), connections: 2, onError }),
  }));
  try {
    await run({ services, nats, log, subjectRoot: settings.SUBJECT_ROOT, env: process.env });
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  } finally {
    await nats.close();
    for (const { db } of services) await db.close();
  }
}
