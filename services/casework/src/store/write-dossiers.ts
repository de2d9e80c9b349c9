import { DossierStatus } from '@lienthong/contracts/casework';
import { plainArray, type Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { hasOtherCompetent } from '../domain/dossier/status.ts';
import { instants, packTexts } from './columns.ts';
import { encodeDossier } from './record.ts';

/** Statuses after which a dossier does not change any more. */
export const ENDED: ReadonlySet<DossierStatus> = new Set([
  DossierStatus.REFUSED,
  DossierStatus.WITHDRAWN,
  DossierStatus.RESULT_RETURNED,
]);

/** The holder while it has no task of its own; null when it is the intake agency or has a task. */
const waitsWith = ({ holder, intake, open }: Dossier): string | null =>
  holder.agencyId === intake.agencyId || open.some(({ agency }) => agency.agencyId === holder.agencyId)
    ? null
    : holder.agencyId;

export const isLive = ({ status }: Dossier): boolean => !ENDED.has(status);

/** Who is competent; null when it is the intake agency. */
const competentId = (dossier: Dossier): string | null =>
  hasOtherCompetent(dossier) ? dossier.competent.agencyId : null;

export function insertDossiers(
  tx: Tx,
  dossiers: readonly Dossier[],
  codeOf: (procedureId: string) => string,
): void {
  const column = <V>(of: (dossier: Dossier) => V) => dossiers.map(of);
  const plain = (of: (dossier: Dossier) => string | number) => plainArray(column(of));
  const records = packTexts(column(encodeDossier));
  tx.send({
    name: 'insert_dossiers',
    text: `insert into dossier (id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                                lodged_at, due_at, urgency, timer_at, waits_with, competent_id, parent_id, record)
           select id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id, lodged_at,
                  due_at, urgency, timer_at, waits_with, competent_id, parent_id,
                  convert_from(substring($19::bytea from start for size), 'UTF8')
             from unnest($1::uuid[], $2::text[], $3::bigint[], $4::smallint[], $5::boolean[], $6::uuid[], $7::text[],
                         $8::uuid[], $9::uuid[], $10::timestamptz[], $11::timestamptz[], $12::smallint[],
                         $13::timestamptz[], $14::uuid[], $15::uuid[], $16::uuid[], $17::int[], $18::int[])
                  as d (id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                        lodged_at, due_at, urgency, timer_at, waits_with, competent_id, parent_id, start, size)`,
    values: [
      plain((d) => d.id),
      column((d) => d.code),
      plain((d) => d.version),
      plain((d) => d.status),
      column(isLive),
      plain((d) => d.procedureId),
      column((d) => codeOf(d.procedureId)),
      plain((d) => d.intake.agencyId),
      plain((d) => d.holder.agencyId),
      instants(column((d) => d.lodgedAt)),
      instants(column((d) => d.dueAt)),
      plain((d) => d.urgency),
      instants(column((d) => d.timerAt)),
      column(waitsWith),
      column(competentId),
      column((d) => d.parentDossierId || null),
      plainArray(records.starts),
      plainArray(records.sizes),
      records.bytes,
    ],
  });
}

/** Writes the columns that can change. */
export function updateDossiers(tx: Tx, dossiers: readonly Dossier[]): void {
  const column = <V>(of: (dossier: Dossier) => V) => dossiers.map(of);
  const plain = (of: (dossier: Dossier) => string | number) => plainArray(column(of));
  const records = packTexts(column(encodeDossier));
  tx.send({
    name: 'update_dossiers',
    text: `update dossier d
              set version = n.version, status = n.status, live = n.live, intake_id = n.intake_id,
                  holder_id = n.holder_id, due_at = n.due_at, urgency = n.urgency, timer_at = n.timer_at,
                  waits_with = n.waits_with, competent_id = n.competent_id,
                  record = convert_from(substring($14::bytea from n.start for n.size), 'UTF8')
             from unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::boolean[], $5::uuid[], $6::uuid[],
                         $7::timestamptz[], $8::smallint[], $9::timestamptz[], $10::uuid[], $11::uuid[], $12::int[],
                         $13::int[])
                  as n (id, version, status, live, intake_id, holder_id, due_at, urgency, timer_at, waits_with,
                        competent_id, start, size)
            where d.id = n.id`,
    values: [
      plain((d) => d.id),
      plain((d) => d.version),
      plain((d) => d.status),
      column(isLive),
      plain((d) => d.intake.agencyId),
      plain((d) => d.holder.agencyId),
      instants(column((d) => d.dueAt)),
      plain((d) => d.urgency),
      instants(column((d) => d.timerAt)),
      column(waitsWith),
      column(competentId),
      plainArray(records.starts),
      plainArray(records.sizes),
      records.bytes,
    ],
  });
}
