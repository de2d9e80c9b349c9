import type { Reader } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { decodeDossier } from './record.ts';

/** A dossier by its code; undefined when there is none. */
export async function readByCode(reader: Reader, code: string): Promise<Dossier | undefined> {
  const rows = await reader.query<{ record: string }>({
    name: 'read_dossier_by_code',
    text: 'select record from dossier where code = $1',
    values: [code],
  });
  const [row] = rows;
  return row && decodeDossier(row.record);
}
