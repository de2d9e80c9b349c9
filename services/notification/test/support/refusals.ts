import { LienThongError, Status } from '@lienthong/client';

/** How a call that must be refused was refused. */
export async function refusalOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof LienThongError)) throw error;
    const violations = error.violations.map(({ field, reason }) => `${field} ${reason}`);
    return { code: Status[error.code], reason: error.reason, violations };
  }
  throw new Error('the call was not refused');
}
