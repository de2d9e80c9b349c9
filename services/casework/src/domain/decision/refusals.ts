import type { Refusal } from '@lienthong/kit';

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
