import { type Applicant, TaskKind } from '@lienthong/contracts/casework';
import type { Reader, Sealer } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { FIRST_ID } from './affected.ts';
import { type ApplicantRow, openApplicant } from './applicants.ts';
import { decodeDossier, decodeTask } from './record.ts';

/** Dossiers that agencies took in, by the time of lodging. */
export interface Period {
  agencyIds: readonly string[];
  /** Inclusive. */
  from: Date;
  /** Exclusive. */
  until: Date;
}

export interface RegisterRow {
  id: string;
  lodgedAt: Date;
  dossier: Dossier;
  /** The tasks of its steps, by number. */
  steps: Task[];
  applicant: Applicant;
}

// The intake agency is a participant: participant's key has an agency's dossiers by time. A dossier of two of the
// agencies is there once.
const TAKEN_IN = `from dossier d where d.intake_id = any($1::uuid[])
                   and d.id in (select p.dossier_id from participant p
                                 where p.agency_id = any($1::uuid[]) and p.lodged_at >= $2 and p.lodged_at < $3`;

/** How many dossiers there are; stops counting at `limit`. */
export async function countRegister(reader: Reader, period: Period, limit: number): Promise<number> {
  const [row] = await reader.query<{ count: number }>({
    name: 'count_register',
    text: `select count(*)::int as count from (select 1 ${TAKEN_IN}) limit $4) counted`,
    values: [period.agencyIds, period.from, period.until, limit],
  });
  return row?.count ?? 0;
}

/** A page in the order of lodging, after the given row. */
export async function readRegister(
  reader: Reader,
  sealer: Sealer,
  period: Period,
  after: Pick<RegisterRow, 'id' | 'lodgedAt'> | undefined,
  limit: number,
): Promise<RegisterRow[]> {
  const rows = await reader.query<
    ApplicantRow & { id: string; lodged_at: Date; record: string; steps: string[] }
  >({
    name: 'read_register',
    text: `select page.id, page.lodged_at, d.record, a.record as applicant, a.sealed,
                  array(select t.record from task t
                         where t.dossier_id = page.id and t.kind = $7 order by t.number) as steps
             from (select d.id, d.lodged_at ${TAKEN_IN}
                                    and (p.lodged_at, p.dossier_id) > ($4::timestamptz, $5::uuid))
                    order by d.lodged_at, d.id limit $6) page
             join dossier d on d.id = page.id
             join applicant a on a.dossier_id = page.id
            order by page.lodged_at, page.id`,
    values: [
      period.agencyIds,
      period.from,
      period.until,
      after?.lodgedAt ?? '-infinity',
      after?.id ?? FIRST_ID,
      limit,
      TaskKind.STEP,
    ],
  });
  return rows.map((row) => ({
    id: row.id,
    lodgedAt: row.lodged_at,
    dossier: decodeDossier(row.record),
    steps: row.steps.map(decodeTask),
    applicant: openApplicant(sealer, row.id, row),
  }));
}
