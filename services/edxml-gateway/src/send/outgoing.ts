import { type FollowedEvent, LienThongError, Status } from '@lienthong/client';
import { type Delivery, DeliveryStatus, type Document, type Party } from '@lienthong/contracts/routing';
import { type EdxmlPackage, localTimeOf, type StatusPackage } from '@lienthong/edxml';
import { namedDocument, organizationOf, toPackage } from '../domain/package.ts';
import type { SystemDeps } from '../system.ts';

/** Events that become packages. */
export const FOLLOWED = [
  'lienthong.routing.v1.DeliverySent',
  'lienthong.routing.v1.DeliveryRerouted',
  'lienthong.routing.v1.DeliveryStatusReported',
  'lienthong.routing.v1.LateStatusNoted',
  'lienthong.routing.v1.DeliveryChangeRequested',
  'lienthong.routing.v1.DeliveryChanged',
] as const;
export type RoutingEvent = FollowedEvent<(typeof FOLLOWED)[number]>;

export interface Outgoing {
  /** The package; its files, of `sizeBytes`, are read for it. */
  make(): Promise<EdxmlPackage>;
  sizeBytes: number;
  /** The delivery that arrives with it; '' for a status. */
  arrives: string;
}

/** The package that an event becomes for the system; undefined: it is not for it, or its document was taken back. */
export async function outgoingOf(event: RoutingEvent, deps: SystemDeps): Promise<Outgoing | undefined> {
  const { agencyId } = deps.system;
  switch (event.type) {
    case 'lienthong.routing.v1.DeliverySent': {
      const { delivery } = event.payload;
      const holder = delivery?.holder ?? delivery?.addressedTo;
      return holder?.agencyId === agencyId ? newDocumentFor(delivery?.id ?? '', deps) : undefined;
    }
    case 'lienthong.routing.v1.DeliveryRerouted':
      return event.payload.reroute?.to?.agencyId === agencyId
        ? documentFor(event.payload.deliveryId, deps)
        : undefined;
    case 'lienthong.routing.v1.DeliveryStatusReported':
    case 'lienthong.routing.v1.LateStatusNoted': {
      const { deliveryId, senderId, holderId, status, reason, assignee, happenedAt, at } = event.payload;
      if (senderId !== agencyId || holderId === agencyId) return undefined;
      return statusFor(deliveryId, 'holder', { status, reason, assignee, at: happenedAt ?? at }, deps);
    }
    case 'lienthong.routing.v1.DeliveryChanged': {
      const { deliveryId, senderId, holderId, agreed, reason, happenedAt, at } = event.payload;
      if (senderId !== agencyId || holderId === agencyId || !agreed) return undefined;
      const status = DeliveryStatus.RECALL_AGREED;
      return statusFor(deliveryId, 'holder', { status, reason, assignee: '', at: happenedAt ?? at }, deps);
    }
    case 'lienthong.routing.v1.DeliveryChangeRequested': {
      const { deliveryId, senderId, holderId, change, at } = event.payload;
      // A change by another document comes with the package of that document.
      if (holderId !== agencyId || senderId === agencyId || change?.documentId !== '') return undefined;
      const status = DeliveryStatus.RECALL_REQUESTED;
      return statusFor(deliveryId, 'sender', { status, reason: change.reason, assignee: '', at }, deps);
    }
  }
}

/** Undefined when the caller may not read it any more. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof LienThongError)) throw error;
    if (error.code === Status.NOT_FOUND || error.reason === 'DOCUMENT_RECALLED') return undefined;
    throw error;
  }
}

async function readBoth(deliveryId: string, { client }: SystemDeps) {
  const found = await unlessGone(client.routing.getDelivery({ deliveryId }));
  const { delivery } = found ?? {};
  if (!delivery) return undefined;
  const read = await unlessGone(client.routing.getDocument({ documentId: delivery.documentId }));
  return read?.document && { delivery, document: read.document };
}

/** Undefined when somebody of the agency has taken it in already. */
async function newDocumentFor(deliveryId: string, deps: SystemDeps): Promise<Outgoing | undefined> {
  const found = await unlessGone(deps.client.routing.getDelivery({ deliveryId }));
  if (found?.delivery?.status !== DeliveryStatus.UNSPECIFIED) return undefined;
  return documentFor(deliveryId, deps);
}

async function documentFor(deliveryId: string, deps: SystemDeps): Promise<Outgoing | undefined> {
  const both = await readBoth(deliveryId, deps);
  if (!both) return undefined;
  const { delivery, document } = both;
  const sizeBytes = document.attachments.reduce((sum, one) => sum + Number(one.sizeBytes), 0);
  return { make: () => documentPackage(delivery, document, deps), sizeBytes, arrives: deliveryId };
}

async function documentPackage(
  delivery: Delivery,
  document: Document,
  deps: SystemDeps,
): Promise<EdxmlPackage> {
  const contents: Buffer[] = [];
  for (const { sha256 } of document.attachments)
    contents.push(Buffer.concat(await Array.fromAsync(deps.client.downloadAttachment(sha256))));
  return toPackage(document, {
    issuer: partyOf(delivery, 'sender'),
    recipients: [delivery.addressedTo ?? NOBODY],
    contents,
    respondsTo: await named(document.respondsToId, deps),
    refersTo: await named(document.refersToId, deps),
  });
}

/** An earlier document, when the agency may read it. */
async function named(documentId: string, { client }: SystemDeps): Promise<Document | undefined> {
  if (documentId === '') return undefined;
  return (await unlessGone(client.routing.getDocument({ documentId })))?.document;
}

const NOBODY: Party = { agencyId: '', name: '', code: '' };
const partyOf = (delivery: Delivery, who: 'sender' | 'holder'): Party => delivery[who] ?? NOBODY;

async function statusFor(
  deliveryId: string,
  by: 'sender' | 'holder',
  said: { status: DeliveryStatus; reason: string; assignee: string; at: Date | undefined },
  deps: SystemDeps,
): Promise<Outgoing | undefined> {
  const both = await readBoth(deliveryId, deps);
  if (!both) return undefined;
  const { delivery, document } = both;
  // A system knows nothing of documents that its agency issued in another way.
  if (by === 'holder' && document.exchange?.origin?.system !== deps.system.name) return undefined;
  const edxml: StatusPackage = {
    kind: 'status',
    from: organizationOf(partyOf(delivery, by)),
    responseFor: namedDocument(document, partyOf(delivery, 'sender').code),
    staffInfo:
      said.assignee === '' ? undefined : { department: '', staff: said.assignee, email: '', mobile: '' },
    statusCode: said.status,
    description: said.reason,
    timestamp: localTimeOf(said.at ?? deps.clock.now()),
    signed: false,
  };
  return { make: async () => edxml, sizeBytes: 0, arrives: '' };
}
