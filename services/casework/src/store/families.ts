import type { Applicant } from '@lienthong/contracts/casework';
import type { Reader, Sealer } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { type ApplicantRow, openApplicant } from './applicants.ts';
import { decodeDossier } from './record.ts';

export interface ParentDossier {
  dossier: Dossier;
  applicant: Applicant;
}

/** Dossiers with their applicants, by id. */
export async function readParents(
  reader: Reader,
  sealer: Sealer,
  ids: readonly string[],
): Promise<Map<string, ParentDossier>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.query<ApplicantRow & { id: string; record: string }>({
    name: 'read_parents',
    text: `select d.id, d.record, a.record as applicant, a.sealed
             from dossier d join applicant a on a.dossier_id = d.id
            where d.id = any($1::uuid[])`,
    values: [ids],
  });
  return new Map(
    rows.map((row) => [
      row.id,
      { dossier: decodeDossier(row.record), applicant: openApplicant(sealer, row.id, row) },
    ]),
  );
}

/** Those among the dossiers that belong to a sub-procedure of another dossier. */
export async function readSubDossiers(reader: Reader, ids: readonly string[]): Promise<Dossier[]> {
  if (ids.length === 0) return [];
  const rows = await reader.query<{ record: string }>({
    name: 'read_sub_dossiers',
    text: 'select record from dossier where id = any($1::uuid[]) and parent_id is not null',
    values: [ids],
  });
  return rows.map(({ record }) => decodeDossier(record));
}
