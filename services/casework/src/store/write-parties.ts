import { type Applicant, TaskState } from '@lienthong/contracts/casework';
import { plainArray, type Sealer, searchWords, type Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { sealApplicant } from './applicants.ts';
import { instants } from './columns.ts';
import type { TaskOf } from './write-tasks.ts';

export interface Lodged {
  dossier: Dossier;
  applicant: Applicant;
}

export function insertApplicants(
  tx: Tx,
  sealer: Sealer,
  lodged: readonly Lodged[],
  nameOf: (procedureId: string) => string,
): void {
  const sealed = lodged.map(({ dossier, applicant }) => sealApplicant(sealer, dossier.id, applicant));
  tx.send({
    name: 'insert_applicants',
    text: `insert into applicant (dossier_id, record, sealed, lookup, words)
           select dossier_id, record, sealed, string_to_array(lookup, ' '),
                  array_to_tsvector(string_to_array(words, ' '))
             from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
                  as a (dossier_id, record, sealed, lookup, words)`,
    values: [
      plainArray(lodged.map(({ dossier }) => dossier.id)),
      sealed.map(({ record }) => record),
      sealed.map((one) => one.sealed),
      sealed.map(({ lookup }) => lookup),
      lodged.map(({ dossier, applicant }) =>
        searchWords(`${dossier.code} ${nameOf(dossier.procedureId)} ${applicant.fullName}`),
      ),
    ],
  });
}

/** New participants: agencies that joined dossiers, and the agencies of open tasks. Known ones are skipped. */
export function insertParticipants(
  tx: Tx,
  joined: readonly { agencyId: string; dossier: Dossier }[],
  tasks: readonly TaskOf[],
  codeOf: (procedureId: string) => string,
): void {
  const parts = new Map<string, { agencyId: string; dossier: Dossier }>();
  const add = (agencyId: string, dossier: Dossier) =>
    parts.set(`${agencyId} ${dossier.id}`, { agencyId, dossier });
  for (const { agencyId, dossier } of joined) add(agencyId, dossier);
  for (const { task, dossier } of tasks)
    if (task.state === TaskState.OPEN) add(task.agency.agencyId, dossier);
  if (parts.size === 0) return;
  const rows = [...parts.values()];
  tx.send({
    name: 'insert_participants',
    text: `insert into participant (agency_id, lodged_at, dossier_id, procedure_code)
           select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[]) on conflict do nothing`,
    values: [
      plainArray(rows.map((one) => one.agencyId)),
      instants(rows.map(({ dossier }) => dossier.lodgedAt)),
      plainArray(rows.map(({ dossier }) => dossier.id)),
      rows.map(({ dossier }) => codeOf(dossier.procedureId)),
    ],
  });
}

/** Marks the participants of ended dossiers. Runs after `insertParticipants`, whose rows it marks too. */
export function endParticipants(tx: Tx, ended: readonly Dossier[]): void {
  const rows = ended.flatMap((dossier) => dossier.participants.map((agencyId) => ({ agencyId, dossier })));
  if (rows.length === 0) return;
  tx.send({
    name: 'end_participants',
    text: `update participant p set ended_as = e.ended_as
             from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::smallint[])
                  as e (agency_id, lodged_at, dossier_id, ended_as)
            where p.agency_id = e.agency_id and p.lodged_at = e.lodged_at and p.dossier_id = e.dossier_id`,
    values: [
      plainArray(rows.map((one) => one.agencyId)),
      instants(rows.map(({ dossier }) => dossier.lodgedAt)),
      plainArray(rows.map(({ dossier }) => dossier.id)),
      plainArray(rows.map(({ dossier }) => dossier.status)),
    ],
  });
}
