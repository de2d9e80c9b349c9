import type { Agency } from '@lienthong/contracts/directory';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import {
  type AgencyRegister,
  currentHolder,
  hasBegun,
  hasEnded,
  nameAt,
  standsFor,
} from '@lienthong/reference-data';
import type { DeliveryRecord } from './delivery-record.ts';

export const documentNotFound: Refusal = {
  kind: 'not-found',
  reason: 'DOCUMENT_NOT_FOUND',
  message: 'the document does not exist, or your agency takes no part in it; check the id',
};

export const deliveryNotFound: Refusal = {
  kind: 'not-found',
  reason: 'DELIVERY_NOT_FOUND',
  message: 'the delivery does not exist, or your agency takes no part in it; check the id',
};

export const notTheSender: Refusal = {
  kind: 'permission-denied',
  reason: 'NOT_THE_SENDER',
  message: 'only the agency that issued the document, or its successor, may do this',
};

export const notTheRecipient: Refusal = {
  kind: 'permission-denied',
  reason: 'NOT_THE_RECIPIENT',
  message: 'only the agency that holds the delivery may do this',
};

/** Returns the agency if it may act at the date: it has begun and has not ended. Refuses: AGENCY_UNKNOWN, `endedReason`. */
export function findActingAgency(
  register: AgencyRegister,
  agencyId: string,
  date: string,
  endedReason: 'ISSUER_ENDED' | 'AGENCY_ENDED',
): Result<Agency> {
  const agency = register.get(agencyId);
  if (agency === undefined || !hasBegun(agency, date))
    return failure({
      kind: 'failed-precondition',
      reason: 'AGENCY_UNKNOWN',
      message:
        'the agency of your token is not in the directory at this date; if it is new, retry in a moment',
    });
  if (!hasEnded(agency, date)) return success(agency);
  const successor = currentHolder(register, agencyId, date);
  return failure({
    kind: 'failed-precondition',
    reason: endedReason,
    message: `your agency ended on ${agency.endedOn}; ${
      successor ? `${nameAt(successor, date)} acts in its place` : 'no agency acts in its place'
    }`,
    metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
  });
}

/** True when the caller, or an agency it stands for, holds the delivery or was named as its recipient. */
export const hasReceived = (
  register: AgencyRegister,
  callerId: string,
  delivery: Pick<DeliveryRecord, 'holder' | 'addressedTo' | 'withdrawn'>,
  date: string,
): boolean =>
  !delivery.withdrawn &&
  (standsFor(register, callerId, delivery.holder.agencyId, date) ||
    standsFor(register, callerId, delivery.addressedTo.agencyId, date));
