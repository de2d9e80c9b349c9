import { Applicant } from '@lienthong/contracts/casework';
import type { Reader } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { decodeDossier, decodeTask } from './record.ts';

/** A dossier with its tasks and its applicant. */
export interface WholeDossier {
  dossier: Dossier;
  /** Open and closed, by number. */
  tasks: Task[];
  applicant: Applicant;
}

/** One statement, so that its parts belong to one moment. */
const SELECT = `select d.record, a.record as applicant,
                       array(select t.record from task t where t.dossier_id = d.id order by t.number) as tasks
                  from dossier d join applicant a on a.dossier_id = d.id`;

interface Row {
  record: string;
  applicant: string;
  tasks: string[];
}

export async function wholeDossier(
  reader: Reader,
  { dossierId, code }: { dossierId: string; code: string },
): Promise<WholeDossier | undefined> {
  const [row] = await reader.query<Row>(
    dossierId === ''
      ? { name: 'whole_dossier_by_code', text: `${SELECT} where d.code = $1`, values: [code] }
      : { name: 'whole_dossier', text: `${SELECT} where d.id = $1`, values: [dossierId] },
  );
  return (
    row && {
      dossier: decodeDossier(row.record),
      tasks: row.tasks.map(decodeTask),
      applicant: Applicant.fromJSON(JSON.parse(row.applicant)),
    }
  );
}
