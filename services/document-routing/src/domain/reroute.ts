import type { DocumentSummary } from '@lienthong/contracts/routing';
import {
  type AgencyRegister,
  currentHolder,
  hasEnded,
  mainSuccession,
  partyAt,
} from '@lienthong/reference-data';
import type { DeliveryRecord } from './delivery-record.ts';
import { deliveryEvent, type RoutingEvent } from './events.ts';

/**
 * The event that moves a delivery from a holder that has ended by the date to the successor that has its work; undefined
 * when the holder has not ended, or has no successor.
 */
export function reroute(
  delivery: DeliveryRecord,
  document: DocumentSummary | undefined,
  register: AgencyRegister,
  date: string,
  at: Date,
): RoutingEvent | undefined {
  const ended = register.get(delivery.holder.agencyId);
  if (ended === undefined || !hasEnded(ended, date)) return undefined;
  const successor = currentHolder(register, ended.id, date);
  if (successor === undefined) return undefined;
  const succession = mainSuccession(ended);
  const to = partyAt(successor, date);
  return {
    ...deliveryEvent('lienthong.routing.v1.DeliveryRerouted', delivery, {
      deliveryId: delivery.id,
      documentId: delivery.documentId,
      senderId: delivery.sender.agencyId,
      reroute: {
        from: partyAt(ended, ended.endedOn),
        to,
        effectiveOn: ended.endedOn,
        legalBasis: succession?.legalBasis ?? '',
      },
      at,
      document,
    }),
    // The subject and the audience are those of the new holder.
    agencyCode: to.code,
    agencyId: to.agencyId,
  };
}

type Agencies = AgencyRegister & { all(): Iterable<{ id: string; endedOn: string }> };

/** Ids of the agencies that have ended by the date and have a successor that holds their work. */
export const endedWithSuccessor = (register: Agencies, date: string): string[] =>
  endedBy(register, date).filter((id) => currentHolder(register, id, date) !== undefined);

/** Ids of the agencies that have ended by the date, and nobody holds their work. */
export const endedWithoutSuccessor = (register: Agencies, date: string): string[] =>
  endedBy(register, date).filter((id) => currentHolder(register, id, date) === undefined);

function endedBy(register: Agencies, date: string): string[] {
  const found: string[] = [];
  for (const { id, endedOn } of register.all()) if (endedOn !== '' && endedOn <= date) found.push(id);
  return found;
}
