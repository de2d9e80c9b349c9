import type { Reader } from '@lienthong/kit';
import { numberKey } from '../domain/numbering.ts';

/** Documents that an agency issued under a number, newest first; by the unique index of numbers, of all years. */
export const readByNumber = (
  reader: Reader,
  { issuerId, number, notation }: { issuerId: string; number: string; notation: string },
  limit: number,
): Promise<{ documentId: string; issuedAt: Date }[]> =>
  reader.query({
    name: 'read_by_number',
    text: `select id as "documentId", issued_at as "issuedAt"
             from document
            where issuer_id = $1 and notation = $2 and number_key = $3
            order by issued_at desc, id desc
            limit $4`,
    values: [issuerId, notation, numberKey(number), limit],
  });
