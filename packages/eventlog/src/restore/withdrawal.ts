import { type EventType, isEventType } from '@lienthong/contracts/events';
import { PLATFORM, uuidv7 } from '@lienthong/kit';
import type { TracedEvent } from '../append.ts';
import type { NewEvent } from '../event.ts';
import type { LostEvent } from './lost-events.ts';

type WithdrawalType = Extract<EventType, `${string}.EventWithdrawn`>;

export const isWithdrawal = (type: string): type is WithdrawalType =>
  isEventType(type) && type.endsWith('.EventWithdrawn');

/** An event with it still fits into a message of NATS. */
const MAX_PAYLOAD_BYTES = 900_000;

/** The event that takes a lost one back: of the same document, dossier and agency, and an aggregate of its own. */
export function toWithdrawal(source: string, { found }: LostEvent, now: Date): TracedEvent {
  const { type = '', envelope, payload = new Uint8Array() } = found ?? {};
  const [, , , , ...code] = envelope?.subject.split('.') ?? [];
  const agencyCode = code.join('.');
  const event = {
    type: `lienthong.${source}.v1.EventWithdrawn` as WithdrawalType,
    payload: {
      withdrawal: {
        eventId: envelope?.eventId ?? '',
        type,
        aggregateId: envelope?.aggregateId ?? '',
        aggregateVersion: BigInt(envelope?.version ?? 0),
        occurredAt: envelope?.occurredAt,
        actor: envelope?.actor,
        payload: payload.length > MAX_PAYLOAD_BYTES ? new Uint8Array() : payload,
      },
    },
    aggregateId: uuidv7(),
    version: 1,
    agencyCode: agencyCode === '_' ? '' : agencyCode,
    agencyId: envelope?.agencyId ?? '',
    documentId: envelope?.documentId ?? '',
    dossierCode: envelope?.dossierCode ?? '',
  } as NewEvent;
  return { event: { ...event, eventId: uuidv7(), occurredAt: now, actor: PLATFORM }, traceparent: '' };
}
