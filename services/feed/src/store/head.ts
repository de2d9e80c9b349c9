import type { Reader } from '@lienthong/kit';

export interface Head {
  /** Of the feed; a cursor is valid for one feed. */
  id: string;
  /** The last event's number. */
  seq: number;
  /** Events up to this one are not kept any more. */
  forgotten: number;
}

export async function readHead(reader: Reader): Promise<Head> {
  const [head] = await reader.query<Head>({
    name: 'feed_head',
    text: 'select id, seq, forgotten from feed_head',
  });
  if (head === undefined) throw new Error('feed_head has no row; the migration makes it');
  return head;
}
