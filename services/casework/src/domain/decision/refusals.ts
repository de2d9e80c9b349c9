/** Refusals inside a decision: thrown where a rule fails, and a result again for the caller of `decide`. */
import { failure, type Refusal, RefusalError, type Result, refuse } from '@lienthong/kit';
import { OutsideCalendarError } from '@lienthong/working-time';

export const precondition = (reason: string, message: string): Refusal => ({
  kind: 'failed-precondition',
  reason,
  message,
});

export const denied = (reason: string, message: string): Refusal => ({
  kind: 'permission-denied',
  reason,
  message,
});

/** Goes on when a rule has no refusal. */
export function enforce(refusal: Refusal | undefined): void {
  if (refusal) refuse(refusal);
}

/** The value of a result, or its refusal thrown. */
export const unwrap = <T>(result: Result<T>): T => (result.ok ? result.value : refuse(result.refusal));

/** A computation's value, or why it was refused; OUTSIDE_CALENDAR when it leaves the years of a calendar. */
export function resultOf<T>(compute: () => T): Result<T> {
  try {
    return { ok: true, value: compute() };
  } catch (error) {
    if (error instanceof RefusalError) return failure(error.refusal);
    if (!(error instanceof OutsideCalendarError)) throw error;
    return failure({ kind: 'out-of-range', reason: error.reason, message: error.message });
  }
}
