import type { routing } from '@lienthong/contracts/json';
import { expect, test } from 'vitest';
import { nextStatuses } from '../app/src/screens/delivery/next-statuses.ts';

type Short =
  | 'UNSPECIFIED'
  | 'ARRIVED'
  | 'ACCEPTED'
  | 'DONE'
  | 'REFUSED'
  | 'RECALL_REQUESTED'
  | 'RECALL_REFUSED';
const status = (short: string) => `DELIVERY_STATUS_${short}` as routing.DeliveryStatus;
const row = (short: Short, late = false) => ({ status: status(short), late });

/** What may follow a history, without the part of the names that all have. */
function after(history: { status: routing.DeliveryStatus; late: boolean }[], state = 'OPEN'): string[] {
  const last = history.findLast(({ late }) => !late);
  const delivery = {
    status: last?.status ?? status('UNSPECIFIED'),
    state: `DELIVERY_STATE_${state}` as routing.DeliveryState,
  };
  return nextStatuses(delivery, history).map((one) => one.replace('DELIVERY_STATUS_', ''));
}

test('what is offered is what the platform takes', () => {
  expect(after([])).toEqual(['ACCEPTED', 'REFUSED']);
  expect(after([row('ARRIVED')])).toEqual(['ACCEPTED', 'REFUSED']);
  expect(after([row('ARRIVED'), row('ACCEPTED')])).toEqual(['ASSIGNED', 'IN_PROGRESS', 'DONE']);
  expect(after([row('ARRIVED'), row('ACCEPTED'), row('DONE')], 'DONE')).toEqual([]);
  expect(after([row('ARRIVED'), row('REFUSED')], 'REFUSED')).toEqual([]);
});

test('a recall is answered first, also after the work is done; refused, the work goes on where it was', () => {
  const work = [row('ARRIVED'), row('ACCEPTED')];
  expect(after([...work, row('RECALL_REQUESTED')])).toEqual(['RECALL_AGREED', 'RECALL_REFUSED']);
  expect(after([...work, row('DONE'), row('RECALL_REQUESTED')], 'DONE')).toEqual([
    'RECALL_AGREED',
    'RECALL_REFUSED',
  ]);
  expect(after([...work, row('RECALL_REQUESTED'), row('RECALL_REFUSED')])).toEqual([
    'ASSIGNED',
    'IN_PROGRESS',
    'DONE',
  ]);
  expect(after([...work, row('ARRIVED', true)])).toEqual(['ASSIGNED', 'IN_PROGRESS', 'DONE']);
});
