import { plainArray, type Reader, type Tx } from '@lienthong/kit';
import type { DossierChange, PastNote } from '../domain/dossier/state.ts';

export function insertNotes(tx: Tx, changes: readonly DossierChange[]): void {
  const rows = changes.filter(({ notes = [] }) => notes.length > 0);
  if (rows.length === 0) return;
  tx.send({
    name: 'insert_imported_notes',
    text: 'insert into imported_note (dossier_id, notes) select * from unnest($1::uuid[], $2::text[])',
    values: [
      plainArray(rows.map(({ dossier }) => dossier.id)),
      rows.map(({ notes }) => JSON.stringify(notes)),
    ],
  });
}

/** What another system noted on a dossier, in the order of the import. */
export async function readNotes(reader: Reader, dossierId: string): Promise<PastNote[]> {
  const rows = await reader.query<{ notes: string }>({
    name: 'read_imported_notes',
    text: 'select notes from imported_note where dossier_id = $1',
    values: [dossierId],
  });
  return rows.flatMap(({ notes }) => JSON.parse(notes) as PastNote[]);
}
