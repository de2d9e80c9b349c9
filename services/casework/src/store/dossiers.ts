import type { Reader, Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { decodeDossier } from './record.ts';

export interface DossierRow {
  id: string;
  record: string;
}

export const dossiersIn = (rows: readonly DossierRow[]): Map<string, Dossier> =>
  new Map(rows.map(({ id, record }) => [id, decodeDossier(record)]));

/**
 * Dossiers by id, locked until the transaction ends. Locks in the order of the ids; every statement that locks several
 * dossiers keeps that order.
 */
export async function lockDossiers(tx: Tx, ids: readonly string[]): Promise<Map<string, Dossier>> {
  if (ids.length === 0) return new Map();
  return dossiersIn(
    await tx.query<DossierRow>({
      name: 'lock_dossiers',
      text: 'select id, record from dossier where id = any($1::uuid[]) order by id for update',
      values: [ids],
    }),
  );
}

/** Dossiers by id; those that do not exist are left out. */
export async function readDossiers(reader: Reader, ids: readonly string[]): Promise<Map<string, Dossier>> {
  if (ids.length === 0) return new Map();
  return dossiersIn(
    await reader.query<DossierRow>({
      name: 'read_dossiers',
      text: 'select id, record from dossier where id = any($1::uuid[])',
      values: [ids],
    }),
  );
}
