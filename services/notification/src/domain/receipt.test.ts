import { NotificationState } from '@lienthong/contracts/notification';
import { describe, expect, test } from 'vitest';
import { messageKey, readMessageKey } from './message-key.ts';
import { afterReceipt } from './receipt.ts';

const { PENDING, SENT, DELIVERED, FAILED, DIGESTED } = NotificationState;
const ID = '019b0000-0000-7000-8000-000000000001';

describe('a receipt', () => {
  test.each([
    // state, of the last attempt, running; the state after "delivered" and after "failed"
    [PENDING, true, true, DELIVERED, 'later'],
    [PENDING, true, false, undefined, undefined],
    [PENDING, false, true, undefined, undefined],
    [SENT, true, false, DELIVERED, FAILED],
    [SENT, false, false, DELIVERED, undefined],
    [DELIVERED, true, false, undefined, undefined],
    [FAILED, true, false, DELIVERED, undefined],
    [FAILED, false, false, DELIVERED, undefined],
    [DIGESTED, true, false, undefined, undefined],
  ] as const)('at state %i, last %s, running %s', (state, isOfLast, isRunning, delivered, failed) => {
    const states = ([DELIVERED, FAILED] as const).map((reported) => {
      const after = afterReceipt(reported, { state, isOfLast, isRunning });
      if (after.kind === 'ignored') return undefined;
      return 'stateAfterResult' in after ? 'later' : after.state;
    });
    expect(states).toEqual([delivered, failed]);
  });
});

test('a message is known by its id, and by another key each time it is sent again', () => {
  expect([0, 1, 12].map((round) => messageKey(ID, round))).toEqual([ID, `${ID}-1`, `${ID}-12`]);
  for (const round of [0, 1, 12]) expect(readMessageKey(messageKey(ID, round))).toEqual({ id: ID, round });
  for (const text of ['', 'SM123', `${ID}-0`, `${ID}-`, `${ID} `, `x${ID}`])
    expect(readMessageKey(text)).toBeUndefined();
});
