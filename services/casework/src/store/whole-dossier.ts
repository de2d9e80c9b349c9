import type { Applicant } from '@lienthong/contracts/casework';
import type { Reader, Sealer } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { type ApplicantRow, openApplicant } from './applicants.ts';
import { decodeDossier, decodeTask } from './record.ts';

/** A dossier with its tasks and its applicant. */
export interface WholeDossier {
  dossier: Dossier;
  /** Open and closed, by number. */
  tasks: Task[];
  applicant: Applicant;
}

/** One statement, so that its parts belong to one moment. */
const SELECT = `select d.id, d.record, a.record as applicant, a.sealed,
                       array(select t.record from task t where t.dossier_id = d.id order by t.number) as tasks
                  from dossier d join applicant a on a.dossier_id = d.id`;

interface Row extends ApplicantRow {
  id: string;
  record: string;
  tasks: string[];
}

/** A dossier, and the rest of it once its reader is known to take part. */
export interface FoundDossier {
  dossier: Dossier;
  /** Decodes the tasks and opens the sealed applicant. */
  open(): WholeDossier;
}

export async function findDossier(
  reader: Reader,
  sealer: Sealer,
  { dossierId, code }: { dossierId: string; code: string },
): Promise<FoundDossier | undefined> {
  const [row] = await reader.query<Row>(
    dossierId === ''
      ? { name: 'whole_dossier_by_code', text: `${SELECT} where d.code = $1`, values: [code] }
      : { name: 'whole_dossier', text: `${SELECT} where d.id = $1`, values: [dossierId] },
  );
  if (row === undefined) return undefined;
  const dossier = decodeDossier(row.record);
  return {
    dossier,
    open: () => ({
      dossier,
      tasks: row.tasks.map(decodeTask),
      applicant: openApplicant(sealer, row.id, row),
    }),
  };
}
