import { NotificationState } from '@lienthong/contracts/notification';
import type { SendResult } from '../domain/channel.ts';
import { MAX_FAILURES, nextAttemptAt } from '../domain/retry.ts';
import type { AttemptRecord, ClaimedRow } from '../store/claim-and-record.ts';

/** A message with the result of its attempt. */
export interface MessageAttempt {
  row: ClaimedRow;
  result: Exclude<SendResult, { kind: 'untried' }>;
  templateVersion: number;
  durationMs: number;
}

/** The record of a claimed message without an attempt: it is due again at `at`, as if it had not been claimed. */
export const toPostponedRecord = (row: ClaimedRow, at: Date): AttemptRecord => ({
  id: row.id,
  number: 0,
  attempts: row.attempts - 1,
  state: NotificationState.PENDING,
  failures: row.failures,
  nextAt: at,
  durationMs: 0,
  answer: '',
  providerId: null,
  templateVersion: 0,
});

/**
 * The record of an attempt, with the message's next state.
 * @param random from [0, 1)
 */
export function toAttemptRecord(
  { row, result, templateVersion, durationMs }: MessageAttempt,
  now: Date,
  random: number,
): AttemptRecord {
  const base = {
    id: row.id,
    number: row.attempts,
    attempts: row.attempts,
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
