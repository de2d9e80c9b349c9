import type { Reader } from '@lienthong/kit';
import { OWNED, type OwnedRow } from './record.ts';

/** A dossier for who has its secret: `record` is decoded once that is certain. */
export interface TrackedRow extends OwnedRow {
  /** Hexadecimal; null for a dossier without a secret. */
  secret_hash: string | null;
  record: string;
}

/** By a dossier's code; undefined when there is none. */
export async function readByCode(reader: Reader, code: string): Promise<TrackedRow | undefined> {
  const [row] = await reader.query<TrackedRow>({
    name: 'read_tracked',
    text: `select record::json ->> 'secretHash' as secret_hash, ${OWNED}, record from dossier d where code = $1`,
    values: [code],
  });
  return row;
}
