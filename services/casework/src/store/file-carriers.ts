import { digestOf } from '@lienthong/file-store';
import type { Reader } from '@lienthong/kit';
import { OWNED, type OwnedRow } from './record.ts';

export interface Carrier extends OwnedRow {
  /** Any of the agencies takes part in the dossier. */
  takes_part: boolean;
}

/** The most dossiers of a file that the record of its reads names. */
const MOST = 20;

/** Dossiers that carry a file. Primary keys of file_use, dossier and participant. */
export const readCarriers = (
  reader: Reader,
  sha256: string,
  agencyIds: readonly string[],
): Promise<Carrier[]> =>
  reader.query({
    name: 'file_carriers',
    text: `select ${OWNED},
                  exists (select from participant p
                           where p.agency_id = any($2::uuid[]) and p.lodged_at = d.lodged_at
                             and p.dossier_id = d.id) as takes_part
             from file_use u join dossier d on d.id = u.owner_id
            where u.sha256 = $1
            order by takes_part desc limit ${MOST}`,
    values: [digestOf(sha256), agencyIds],
  });
