import type { Transition } from '../../api/use-transitions.ts';
import type { Key } from '../../text/text.tsx';
import { type ActField, NEEDED_REASON, OFFICER } from '../../ui/act-field.tsx';

/** What can be done with many tasks at once. */
export interface BulkAct {
  title: Key;
  fields: readonly ActField[];
  toTransition(place: { dossierId: string; taskNumber: number }, values: Record<string, string>): Transition;
}

export const CLAIM: BulkAct = {
  title: 'task.claim',
  fields: [],
  toTransition: (place) => ({ claim: place }),
};
export const ASSIGN: BulkAct = {
  title: 'task.assign',
  fields: [OFFICER],
  toTransition: (place, values) => ({ assign: { ...place, ...values } }),
};
export const SEND_BACK: BulkAct = {
  title: 'task.return',
  fields: [NEEDED_REASON],
  toTransition: (place, values) => ({ returnTask: { ...place, ...values } }),
};
