import type { Reader } from '@lienthong/kit';

/** Where a slice ends: in its stream, and in the feed. */
export interface Place {
  streamSeq: number;
  seq: number;
}

export async function readPlace(reader: Reader, agencyId: string): Promise<Place | undefined> {
  const [place] = await reader.query<Place>({
    name: 'slice_place',
    text: 'select stream_seq as "streamSeq", seq from slice where agency_id = $1',
    values: [agencyId],
  });
  return place;
}

export async function writePlace(reader: Reader, agencyId: string, { streamSeq, seq }: Place): Promise<void> {
  await reader.query({
    name: 'slice_note',
    text: `insert into slice (agency_id, stream_seq, seq) values ($1, $2, $3)
               on conflict (agency_id) do update set stream_seq = excluded.stream_seq, seq = excluded.seq`,
    values: [agencyId, streamSeq, seq],
  });
}
