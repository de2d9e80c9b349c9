import { NotificationState } from '@lienthong/contracts/notification';
import type { SendResult } from '../domain/channel.ts';
import { MAX_FAILURES, nextAttemptAt } from '../domain/retry.ts';
import type { ClaimedRow, Settled } from '../store/sending.ts';

/** A message with the result of its attempt. */
export interface Attempted {
  row: ClaimedRow;
  result: Exclude<SendResult, { kind: 'untried' }>;
  templateVersion: number;
  durationMs: number;
}

/** A claimed message for which no attempt was made: due again at a time, as if it had not been claimed. */
export const toPostponed = (row: ClaimedRow, at: Date): Settled => ({
  id: row.id,
  number: 0,
  tries: row.tries - 1,
  state: NotificationState.PENDING,
  failures: row.failures,
  nextAt: at,
  durationMs: 0,
  answer: '',
  providerId: null,
  templateVersion: 0,
});

/** @param random from [0, 1) */
export function toSettled(
  { row, result, templateVersion, durationMs }: Attempted,
  now: Date,
  random: number,
): Settled {
  const base = {
    id: row.id,
    number: row.tries,
    tries: row.tries,
    failures: row.failures,
    nextAt: null,
    durationMs,
    answer: result.answer,
    providerId: null,
    templateVersion,
  };
  switch (result.kind) {
    case 'sent':
      return { ...base, state: NotificationState.SENT, providerId: result.providerId ?? null };
    case 'refused':
      return { ...base, state: NotificationState.FAILED };
    // The message is not at fault: it stays due, and the circuit decides when the next attempt is.
    case 'unavailable':
      return { ...base, state: NotificationState.PENDING };
    case 'retry': {
      const failures = row.failures + 1;
      if (failures >= MAX_FAILURES) return { ...base, failures, state: NotificationState.FAILED };
      const nextAt = nextAttemptAt(failures, now, random, result.retryAfterMs);
      return { ...base, failures, nextAt, state: NotificationState.PENDING };
    }
  }
}
