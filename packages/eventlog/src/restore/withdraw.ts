import type { Tx } from '@lienthong/kit';
import { append } from '../append.ts';
import type { SourcePlan } from './plan.ts';
import { toWithdrawal } from './withdrawal.ts';

const AT_ONCE = 1_000;

/**
 * Gives the positions of lost events to events that say so, so that no position ever names two things that happened: a
 * consumer that has applied the lost ones goes on behind them and skips nothing. Events from after the restore, which
 * nobody has read, move behind them. When a consumer is ahead, the withdrawals also come a second time, where it reads
 * them.
 * @throws when the log has grown since the plan was made
 */
export async function withdrawLost(
  tx: Tx,
  { source, head, kept, lost, ahead }: Pick<SourcePlan, 'source' | 'head' | 'kept' | 'lost' | 'ahead'>,
  root: string,
  now: Date,
): Promise<void> {
  // A restored server may be read-only until it agrees with the streams.
  tx.send({ text: 'set transaction read write' });
  const [locked] = await tx.query({
    text: 'update event_head set position = $1 where position = $2 returning position',
    values: [kept, head],
  });
  if (locked === undefined) throw new Error(`the log of ${source} has changed; stop its service`);
  tx.send({ text: 'update event set position = -position where position > $1', values: [kept] });
  for (let round = 0; round < (ahead.length > 0 ? 2 : 1); round += 1)
    for (let at = 0; at < lost.length; at += AT_ONCE)
      await append(
        tx,
        root,
        lost.slice(at, at + AT_ONCE).map((event) => toWithdrawal(source, event, now)),
      );
  tx.send({
    text: `update event set position = h.position - $1 - event.position from event_head h where event.position < 0`,
    values: [kept],
  });
  tx.send({ text: 'update event_head set position = position + $1', values: [head - kept] });
}
