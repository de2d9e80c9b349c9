import { LienThongError, Status } from '@lienthong/client';

/** A refusal as a client receives it, in a form that a test compares. */
export interface CallRefusal {
  /** The name of the gRPC status. */
  code: string | undefined;
  reason: string;
  /** `field REASON` of every violation. */
  violations: string[];
}

/** The refusal of a call that must be refused. Throws an error that is not a refusal, or when the call is answered. */
export async function refusalOf(call: Promise<unknown>): Promise<CallRefusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof LienThongError)) throw error;
    const violations = error.violations.map(({ field, reason }) => `${field} ${reason}`);
    return { code: Status[error.code], reason: error.reason, violations };
  }
  throw new Error('the call was not refused');
}

/** The refusals of calls that must all be refused, in their order. */
export const refusalsOf = (calls: readonly Promise<unknown>[]): Promise<CallRefusal[]> =>
  Promise.all(calls.map(refusalOf));
