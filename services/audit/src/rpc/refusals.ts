import type { Refusal } from '@lienthong/kit';

/** A checkpoint follows within about a second; with a quorum of witnesses, once they have cosigned. */
export const notYetInTree: Refusal = {
  kind: 'unavailable',
  reason: 'NOT_YET_IN_TREE',
  message: 'no published checkpoint covers the entry yet; ask again after the delay',
  retryAfterMs: 1_000,
};
