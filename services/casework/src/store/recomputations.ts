import type { RecomputeCause } from '@lienthong/contracts/casework';
import type { Database, Reader, Tx } from '@lienthong/kit';
import type { RecomputeTrigger } from '../domain/deadlines/recompute.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { AFFECTED_BATCH } from './affected.ts';
import { type DossierRow, dossiersIn } from './dossiers.ts';

/** A change of a calendar or of office hours after which deadlines are computed again. */
export interface Recomputation extends RecomputeTrigger {
  id: number;
  /** The agency whose office hours changed; null for the calendar of all. */
  agencyId: string | null;
  /** Dossiers up to this id, inclusive, are done. */
  doneTo: string;
}

export function addRecomputations(
  tx: Tx,
  added: readonly Pick<Recomputation, 'cause' | 'reason' | 'agencyId'>[],
): void {
  if (added.length === 0) return;
  tx.send({
    name: 'add_recomputations',
    text: `insert into recomputation (cause, reason, agency_id)
           select cause, reason, agency_id
             from unnest($1::smallint[], $2::text[], $3::uuid[]) with ordinality as r (cause, reason, agency_id, n)
            order by n`,
    values: [added.map((r) => r.cause), added.map((r) => r.reason), added.map((r) => r.agencyId)],
  });
}

/** The oldest recomputation, locked until the transaction ends: one process at a time works on it. */
export async function lockFirstRecomputation(tx: Tx): Promise<Recomputation | undefined> {
  const [row] = await tx.query<{
    id: number;
    cause: RecomputeCause;
    reason: string;
    agency_id: string | null;
    done_to: string;
  }>({
    name: 'lock_first_recomputation',
    text: `select id, cause, reason, agency_id, done_to from recomputation order by id limit 1 for update`,
  });
  return (
    row && { id: row.id, cause: row.cause, reason: row.reason, agencyId: row.agency_id, doneTo: row.done_to }
  );
}

export async function firstRecomputation(reader: Reader): Promise<number | undefined> {
  const [row] = await reader.query<{ id: number }>({
    name: 'first_recomputation',
    text: 'select id from recomputation order by id limit 1',
  });
  return row?.id;
}

export const moveRecomputation = (tx: Tx, id: number, doneTo: string): void =>
  tx.send({
    name: 'move_recomputation',
    text: 'update recomputation set done_to = $2 where id = $1',
    values: [id, doneTo],
  });

export const endRecomputation = (tx: Tx, id: number): void =>
  tx.send({ name: 'end_recomputation', text: 'delete from recomputation where id = $1', values: [id] });

/** Records the dossiers whose deadlines could not be computed, and deletes those that could. All must be locked. */
export function recordUncomputed(
  tx: Tx,
  { cause, reason }: RecomputeTrigger,
  failed: readonly string[],
  computed: readonly string[],
): void {
  if (failed.length > 0)
    tx.send({
      name: 'record_uncomputed',
      text: `insert into recomputation_left (dossier_id, cause, reason)
             select dossier_id, $2, $3 from unnest($1::uuid[]) as l (dossier_id)
             on conflict (dossier_id) do update set cause = excluded.cause, reason = excluded.reason`,
      values: [failed, cause, reason],
    });
  forgetUncomputed(tx, computed);
}

export function forgetUncomputed(tx: Tx, computed: readonly string[]): void {
  if (computed.length === 0) return;
  tx.send({
    name: 'forget_uncomputed',
    text: 'delete from recomputation_left where dossier_id = any($1::uuid[])',
    values: [computed],
  });
}

/** The next recorded dossiers above `after`, locked, with the trigger of each. */
export async function lockUncomputed(
  tx: Tx,
  after: string,
): Promise<{ dossiers: Map<string, Dossier>; triggers: Map<string, RecomputeTrigger> }> {
  const rows = await tx.query<DossierRow & RecomputeTrigger>({
    name: 'lock_uncomputed',
    text: `select d.id, d.record, l.cause, l.reason
             from recomputation_left l join dossier d on d.id = l.dossier_id
            where l.dossier_id > $1 order by l.dossier_id limit ${AFFECTED_BATCH} for update of d`,
    values: [after],
  });
  return {
    dossiers: dossiersIn(rows),
    triggers: new Map(rows.map(({ id, cause, reason }) => [id, { cause, reason }])),
  };
}

/** The next transaction id of this moment, and the oldest one under way. */
export async function transactionsNow(db: Database): Promise<{ next: bigint; oldest: bigint }> {
  const [row] = await db.query<{ next: string; oldest: string }>({
    name: 'transactions_now',
    text: `select pg_snapshot_xmax(pg_current_snapshot())::text as next,
                  pg_snapshot_xmin(pg_current_snapshot())::text as oldest`,
  });
  return { next: BigInt(row?.next ?? 0), oldest: BigInt(row?.oldest ?? 0) };
}
