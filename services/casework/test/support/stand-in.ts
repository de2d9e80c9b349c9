import { connectNats, createLog, type Database, LOOPBACK_ONLY, openDatabase } from '@lienthong/kit';
import { EVENT_KEYS } from '@lienthong/testkit';
import { type ComposedCasework, composeCasework } from '../../src/service.ts';
import type { World } from './world.ts';

export interface StandIn extends Pick<ComposedCasework, 'fireDue' | 'rerouteDue' | 'recomputeDue'> {
  /** The warnings of its log. */
  warnings: Record<string, unknown>[];
  stop(): Promise<void>;
}

/**
 * Another process of a world's service. It serves no calls and runs no workers; a test starts each run.
 * @param around wraps its database
 */
export async function standIn(
  { stack, clock, env }: World,
  around: (db: Database) => Database = (db) => db,
): Promise<StandIn> {
  const log = createLog('stand-in', process.env.TEST_LOG_LEVEL ?? 'silent');
  const warnings: Record<string, unknown>[] = [];
  const warn = (about: object, msg: string) => warnings.push({ ...about, msg });
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'casework',
    connections: 4,
    onError: (err) => warn({ err }, 'database connection lost'),
  });
  const nats = await connectNats({ url: stack.natsUrl }, 'stand-in');
  const { fireDue, rerouteDue, recomputeDue } = composeCasework({
    name: 'casework',
    db: around(db),
    nats,
    reader: nats,
    clock,
    log: Object.assign(log, { warn }),
    tls: LOOPBACK_ONLY,
    subjectRoot: stack.natsPrefix,
    env: { ...EVENT_KEYS, ...env },
  });
  return {
    warnings,
    fireDue,
    rerouteDue,
    recomputeDue,
    async stop() {
      await nats.close();
      await db.close();
    },
  };
}

/** True for every other transaction. */
export function everyOther(): () => boolean {
  let transactions = 0;
  return () => {
    transactions += 1;
    return transactions % 2 === 1;
  };
}

/** A database whose transactions fail at the end, before they commit, when `dies` is true. */
export const dyingDatabase = (dies: () => boolean) => (db: Database) => ({
  ...db,
  transaction: <T>(run: Parameters<typeof db.transaction<T>>[0]) =>
    db.transaction<T>(async (tx) => {
      const value = await run(tx);
      if (dies()) throw new Error('the process has died');
      return value;
    }),
});

/** The number of events by dossier and kind: `${dossierId} ${kind}`, kinds without their package. */
export async function recorded(
  { db }: World,
  dossierIds: readonly string[],
  kinds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db.query<{ aggregate_id: string; type: string; count: number }>({
    text: `select aggregate_id, type, count(*) as count from event
            where aggregate_id = any($1::uuid[]) and type = any($2::text[]) group by aggregate_id, type`,
    values: [dossierIds, kinds.map((kind) => `lienthong.casework.v1.${kind}`)],
  });
  return new Map(
    rows.map(({ aggregate_id, type, count }) => [
      `${aggregate_id} ${type.slice('lienthong.casework.v1.'.length)}`,
      count,
    ]),
  );
}
