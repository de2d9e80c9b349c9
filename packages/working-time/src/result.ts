/** Refusals as values, in the shape that kit's errors map to a gRPC status. */

/** A problem at one place of the data: `years[1].overrides[3].from`. */
export interface Problem {
  field: string;
  description: string;
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
}

export interface Refusal {
  kind: 'invalid-argument' | 'failed-precondition' | 'out-of-range';
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
  message: string;
  violations?: readonly Problem[];
}

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** An instant or a result is outside the years of the calendar, or is not a valid instant. */
export class OutsideCalendarError extends RangeError {
  readonly reason = 'OUTSIDE_CALENDAR';
  constructor(what: string, from: number, to: number) {
    super(`${what} is outside the calendar's years ${from} to ${to}; widen its horizon`);
    this.name = 'OutsideCalendarError';
  }
}

/** Turns an OutsideCalendarError of `compute` into a refusal. */
export function withinCalendar<T>(compute: () => Result<T>): Result<T> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof OutsideCalendarError)) throw error;
    return { ok: false, refusal: { kind: 'out-of-range', reason: error.reason, message: error.message } };
  }
}
