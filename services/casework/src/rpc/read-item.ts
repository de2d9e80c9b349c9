import type { ReadItem } from '@lienthong/kit';
import type { OwnedRow } from '../store/record.ts';

/** For the record of reads: a dossier belongs to the agency competent for it. */
export const toReadItem = ({ code, owner_id }: OwnedRow): ReadItem => ({
  dossierCode: code,
  ownerId: owner_id,
});
