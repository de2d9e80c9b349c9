import type { Tx } from '@lienthong/kit';
import { RecipientKind } from '../domain/recipients.ts';

export interface EndedSettings {
  agencyId: string;
  /** Of the agency's own receiver; empty when it had none. */
  origin: string;
}

/** Deletes the receivers and preferences of agencies, and returns what there was. */
export const endSettings = (tx: Tx, agencyIds: readonly string[], limit: number): Promise<EndedSettings[]> =>
  tx.query({
    name: 'end_agency_settings',
    text: `with kept as (
             select agency_id from agency_endpoint where agency_id = any($1::uuid[])
             union select owner_id::uuid from preference
                    where owner_kind = ${RecipientKind.AGENCY} and owner_id = any($1::text[])
             limit $2),
           receiver as (
             delete from agency_endpoint where agency_id in (select agency_id from kept)
             returning agency_id, origin),
           preferences as (
             delete from preference
              where owner_kind = ${RecipientKind.AGENCY} and owner_id in (select agency_id::text from kept))
           select k.agency_id as "agencyId", coalesce(r.origin, '') as origin
             from kept k left join receiver r using (agency_id)`,
    values: [agencyIds, limit],
  });
