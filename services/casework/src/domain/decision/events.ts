import type { EventPayload, EventType, NewEvent } from '@lienthong/eventlog';
import type { Changed } from '../dossier/state.ts';
import type { Reply } from './command.ts';

export type CaseworkEventType = Extract<EventType, `lienthong.casework.v1.${string}`>;
/** One of this service's events; `type` tells the payload apart. */
export type CaseworkEvent = Extract<NewEvent, { type: CaseworkEventType }>;

/** A payload before its dossier is named. */
export type Told<T extends CaseworkEventType> = Omit<EventPayload<T>, 'dossier'>;

/** `after` holds what events do not tell: everything else a dossier is. */
export interface Decided {
  events: readonly CaseworkEvent[];
  reply: Reply;
  after: Changed;
}
