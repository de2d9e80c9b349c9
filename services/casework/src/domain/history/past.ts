import type { EventPayload } from '@lienthong/eventlog';
import type { CaseworkEventType } from '../decision/events.ts';

/** An event of a dossier as the log holds it. */
export type PastEvent = {
  [T in CaseworkEventType]: {
    type: T;
    payload: EventPayload<T>;
    /** 1, 2, 3 … in the dossier. */
    version: number;
    /** When it happened, epoch milliseconds. */
    at: number;
    /** It happened in another system. */
    isPast?: boolean;
  };
}[CaseworkEventType];

/** @param recordedAt the time of an event whose payload has none */
export function pastEvent(
  type: CaseworkEventType,
  payload: EventPayload<CaseworkEventType>,
  version: number,
  recordedAt: Date,
): PastEvent {
  const at = (timeIn(payload) ?? recordedAt).getTime();
  // Payload and type come from one event, so they fit.
  return { type, payload, version, at } as PastEvent;
}

function timeIn(payload: EventPayload<CaseworkEventType>): Date | undefined {
  if ('at' in payload) return payload.at;
  if ('lodgedAt' in payload) return payload.lodgedAt;
  if ('acceptedAt' in payload) return payload.acceptedAt;
  if ('finishedAt' in payload) return payload.finishedAt;
  if ('returnedAt' in payload) return payload.returnedAt;
  if ('extension' in payload) return payload.extension?.at;
  return undefined;
}
