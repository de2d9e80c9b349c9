import { DeliveryState, DeliveryStatus, type Document } from '@lienthong/contracts/routing';
import type { ConsumerOptions, EventType, ReceivedEvent } from '@lienthong/eventlog';
import { officesTold } from '../domain/rules/routing.ts';
import {
  deleteReminders,
  insertDocuments,
  insertReminders,
  moveReminders,
  readLabels,
} from '../store/documents.ts';
import type { Planner } from './planner.ts';

const P = 'lienthong.routing.v1.';
const TYPES = [
  `${P}DocumentIssued`,
  `${P}DeliverySent`,
  `${P}DeliveryStatusReported`,
  `${P}DeliveryChanged`,
  `${P}DeliveryRerouted`,
  `${P}DirectiveAnswered`,
] as const satisfies readonly EventType[];

/** Tells agencies of their documents, and keeps what they are to be reminded of. `isNews` keeps old stories untold. */
export const routingConsumer = (
  planner: Planner,
  isNews: (event: ReceivedEvent) => boolean,
): ConsumerOptions<(typeof TYPES)[number]> => ({
  name: 'documents',
  source: 'routing',
  types: TYPES,
  async handle(tx, events) {
    const issued: Document[] = [];
    const sent: { deliveryId: string; documentId: string; agencyId: string }[] = [];
    const refused: string[] = [];
    const over: string[] = [];
    const moved: { deliveryId: string; agencyId: string }[] = [];
    for (const { type, payload } of events) {
      if (type === `${P}DocumentIssued`) {
        if (payload.document) issued.push(payload.document);
      } else if (type === `${P}DeliverySent`) {
        const { delivery } = payload;
        const agencyId = (delivery?.holder ?? delivery?.addressedTo)?.agencyId;
        if (delivery && agencyId)
          sent.push({ deliveryId: delivery.id, documentId: delivery.documentId, agencyId });
      } else if (type === `${P}DeliveryRerouted`) {
        const agencyId = payload.reroute?.to?.agencyId;
        if (agencyId) moved.push({ deliveryId: payload.deliveryId, agencyId });
      } else if (type === `${P}DirectiveAnswered`) over.push(payload.deliveryId);
      else {
        if (payload.state !== DeliveryState.OPEN) over.push(payload.deliveryId);
        if (type === `${P}DeliveryStatusReported` && payload.status === DeliveryStatus.REFUSED)
          refused.push(payload.documentId);
      }
    }
    insertDocuments(tx, issued);
    insertReminders(tx, sent);
    for (const { deliveryId, agencyId } of moved) moveReminders(tx, deliveryId, agencyId);
    deleteReminders(tx, over);
    const world = await planner.world(tx, await readLabels(tx, refused));
    await planner.plan(
      tx,
      (events as readonly ReceivedEvent[]).filter(isNews).flatMap((event) => officesTold(event, world)),
    );
  },
});
