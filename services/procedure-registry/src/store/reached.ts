import type { Reader } from '@lienthong/kit';
import type { Period } from '../domain/soundness.ts';

/** A published version. Dates are YYYY-MM-DD; `endedOn` '' is none. */
export interface ReachedVersion {
  effectiveOn: string;
  endedOn: string;
  /** Ids of the agencies that it names. */
  agencyIds: readonly string[];
  /** A `Procedure` message, which a thread decodes. */
  record: Uint8Array;
}

/** The versions in force in a period of these procedures and their sub-procedures, however deep. */
export async function readReached(
  reader: Reader,
  codes: readonly string[],
  { from, to }: Period,
): Promise<ReachedVersion[]> {
  const rows = await reader.query<ReachedVersion>({
    name: 'read_reached',
    // `reach` follows sub-procedures through every version that was published.
    text: `with recursive reach (code) as (
               select unnest($1::text[])
               union
               select unnest(v.calls) from reach join version v on v.code = reach.code and v.effective_on is not null)
           select effective_on::text as "effectiveOn", coalesce(ended_on::text, '') as "endedOn",
                  agency_ids as "agencyIds", record
             from reach join version using (code)
            where effective_on is not null
              and daterange(effective_on, ended_on) && daterange($2::date, $3::date, '[]')`,
    values: [codes, from, to ?? null],
  });
  // A row's bytes are part of a larger buffer, which would be sent to a thread as a whole.
  return rows.map((row) => ({ ...row, record: new Uint8Array(row.record) }));
}
