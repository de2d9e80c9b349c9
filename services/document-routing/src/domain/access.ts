import type { Agency } from '@lienthong/contracts/directory';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import {
  type AgencyRegister,
  hasBegun,
  type Registers,
  refusalOfCaller,
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

/** Returns the caller's agency, which has begun. Refuses: AGENCY_UNKNOWN, and what `refusalOfCaller` refuses. */
export function findActingAgency(
  registers: Registers,
  { callerId: agencyId, officerId, today }: { callerId: string; officerId: string; today: string },
): Result<Agency> {
  const agency = registers.agencies.get(agencyId);
  if (agency === undefined || !hasBegun(agency, today))
    return failure({
      kind: 'failed-precondition',
      reason: 'AGENCY_UNKNOWN',
      message:
        'the agency of your token is not in the directory at this date; if it is new, retry in a moment',
    });
  const refusal = refusalOfCaller(registers, { agencyId, officerId }, today);
  return refusal ? failure(refusal) : success(agency);
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
