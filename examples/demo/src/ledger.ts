import { DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';

/** Everything that the platform acknowledged; the platform must show all of it in the end. */
export interface Ledger {
  documents: Map<string, DocumentEntry>;
  deliveries: Map<string, DeliveryEntry>;
  /** By agency: how many events of each document's and delivery's story ("delivery/<id>") concern it. */
  concerned: Map<string, Map<string, number>>;
  /** In order: what arrived at an agency, from its issuer or from the agency that it succeeds. */
  arrivals: { agencyId: string; label: string }[];
}

export interface DocumentEntry {
  id: string;
  title: string;
  issuerId: string;
  /** Number and notation, as messages name the document. */
  label: string;
  /** Events that belong to the document's story. */
  events: number;
}

export interface DeliveryEntry {
  id: string;
  documentId: string;
  addressedToId: string;
  holderId: string;
  status: DeliveryStatus;
  state: DeliveryState;
  answered: boolean;
}

export const emptyLedger = (): Ledger => ({
  documents: new Map(),
  deliveries: new Map(),
  concerned: new Map(),
  arrivals: [],
});

export function noteIssued(
  ledger: Ledger,
  document: Omit<DocumentEntry, 'events'>,
  deliveries: readonly { deliveryId: string; addressedToId: string; holderId: string }[],
): void {
  ledger.documents.set(document.id, { ...document, events: 1 + deliveries.length });
  noteConcerned(ledger, `document/${document.id}`, [document.issuerId]);
  for (const { deliveryId, addressedToId, holderId } of deliveries) {
    ledger.deliveries.set(deliveryId, {
      id: deliveryId,
      documentId: document.id,
      addressedToId,
      holderId,
      status: DeliveryStatus.UNSPECIFIED,
      state: DeliveryState.OPEN,
      answered: false,
    });
    noteConcerned(ledger, `delivery/${deliveryId}`, [document.issuerId, addressedToId, holderId]);
    ledger.arrivals.push({ agencyId: holderId, label: document.label });
  }
}

/** One more event of a delivery, with what it changed. */
export function noteDelivery(ledger: Ledger, deliveryId: string, change: Partial<DeliveryEntry>): void {
  const delivery = ledger.deliveries.get(deliveryId);
  const document = delivery && ledger.documents.get(delivery.documentId);
  if (!delivery || !document) throw new Error(`delivery ${deliveryId} was not sent by this story`);
  const { issuerId, label } = document;
  noteConcerned(ledger, `delivery/${deliveryId}`, [issuerId, delivery.holderId, change.holderId]);
  if (change.holderId !== undefined) ledger.arrivals.push({ agencyId: change.holderId, label });
  Object.assign(delivery, change);
  document.events += 1;
}

function noteConcerned(ledger: Ledger, subject: string, agencyIds: readonly (string | undefined)[]): void {
  for (const agencyId of new Set(agencyIds)) {
    if (agencyId === undefined) continue;
    const subjects = ledger.concerned.get(agencyId) ?? new Map<string, number>();
    ledger.concerned.set(agencyId, subjects.set(subject, (subjects.get(subject) ?? 0) + 1));
  }
}

export const deliveriesOf = (ledger: Ledger, documentId: string): DeliveryEntry[] =>
  [...ledger.deliveries.values()].filter((delivery) => delivery.documentId === documentId);
