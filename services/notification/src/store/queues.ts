import { MessageChannel, NotificationState } from '@lienthong/contracts/notification';
import type { Reader } from '@lienthong/kit';
import type { KnownChannel } from '../domain/topics.ts';

/** In-app messages are never sent, so they have no queue. */
const SENT_CHANNELS = [MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WEBHOOK];

export interface QueueRow {
  channel: KnownChannel;
  /** Not sent yet. */
  waiting: number;
  /** The due ones of these, without messages that a digest collects. */
  due: number;
  /** When the oldest of them became due. */
  oldest: Date | null;
  failed: number;
}

/** The queue of each channel. The partial indexes of pending and failed messages hold the rows that are counted. */
export const readQueues = (reader: Reader, now: Date): Promise<QueueRow[]> =>
  reader.query<QueueRow>({
    name: 'read_queues',
    text: `select c.channel, p.waiting + d.waiting as waiting, p.due, p.oldest,
                  (select count(*) from notification n
                    where n.channel = c.channel and n.state = ${NotificationState.FAILED}) as failed
             from unnest(array[${SENT_CHANNELS.join(', ')}]::smallint[]) as c (channel)
            cross join lateral (
              select count(*) as waiting, count(*) filter (where n.due_at <= $1) as due,
                     min(n.due_at) filter (where n.due_at <= $1) as oldest
                from notification n
               where n.channel = c.channel and n.state = ${NotificationState.PENDING} and not n.digest) p
            cross join lateral (
              select count(*) as waiting from notification n
               where n.channel = c.channel and n.state = ${NotificationState.PENDING} and n.digest) d`,
    values: [now.toISOString()],
  });
