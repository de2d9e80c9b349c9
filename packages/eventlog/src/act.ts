import { uuidv7 } from '@lienthong/kit';
import type { EventType, NewEvent, NewEventOf } from './event.ts';

/**
 * An act: an event that changes no aggregate of the domain, such as a template saved by an operator, and so is an
 * aggregate of its own. Its subject names no agency: acts reach the audit, and nobody's slice of the events.
 */
export const toAct = <T extends EventType>(
  type: T,
  payload: NewEventOf<T>['payload'],
  about: Partial<Pick<NewEvent, 'agencyId' | 'documentId' | 'dossierCode'>> = {},
): NewEvent =>
  ({ type, payload, aggregateId: uuidv7(), version: 1, agencyCode: '', agencyId: '', ...about }) as NewEvent;
