import type { Refusal } from '@lienthong/kit';
import { type AgencyRegister, standsFor } from '@lienthong/reference-data';
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
