import type { CommonEventType } from '@lienthong/contracts/events';
import type { EventPayload, EventType, Decision as LoggedDecision, NewEvent } from '@lienthong/eventlog';
import type { DossierChange } from '../dossier/state.ts';
import type { Reply } from './command.ts';

/** An event of a dossier. */
export type CaseworkEventType = Exclude<
  Extract<EventType, `lienthong.casework.v1.${string}`>,
  CommonEventType | 'lienthong.casework.v1.PaymentProblemSettled'
>;
/** One of this service's events; `type` discriminates the payload. */
export type CaseworkEvent = Extract<NewEvent, { type: CaseworkEventType }>;

/** A payload without its dossier, which is known when the decision settles, and without what is sealed after that. */
export type Payload<T extends CaseworkEventType> = Omit<EventPayload<T>, 'dossier' | 'sealedReason'>;

/** `change` holds the whole dossier: events carry nothing personal, so they say less. */
export type Decision = LoggedDecision<Reply, DossierChange, CaseworkEvent>;
