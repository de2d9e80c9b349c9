import { DeliveryState, DeliveryStatus, type Document } from '@lienthong/contracts/routing';
import type { ConsumerOptions, EventType, ReceivedEvent } from '@lienthong/eventlog';
import { datesOf, officesTold, tells } from '../domain/rules/routing.ts';
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
  lingerMs: 50,
  types: TYPES,
  async handle(tx, events) {
    const issued: Document[] = [];
    const sent: { deliveryId: string; documentId: string; agencyId: string }[] = [];
    const refused: string[] = [];
    const over: string[] = [];
    const moved = new Map<string, string>();
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
        if (agencyId) moved.set(payload.deliveryId, agencyId);
      } else if (type === `${P}DirectiveAnswered`) over.push(payload.deliveryId);
      else {
        if (payload.state !== DeliveryState.OPEN) over.push(payload.deliveryId);
        if (type === `${P}DeliveryStatusReported` && payload.status === DeliveryStatus.REFUSED)
          refused.push(payload.documentId);
      }
    }
    insertDocuments(tx, issued);
    // Deliveries mostly come with their document, which says whether it has dates.
    const dateless = new Set(issued.filter((one) => datesOf(one).length === 0).map(({ id }) => id));
    insertReminders(
      tx,
      sent.filter(({ documentId }) => !dateless.has(documentId)),
    );
    moveReminders(tx, moved);
    deleteReminders(tx, over);
    const telling = (events as readonly ReceivedEvent[]).filter((event) => tells(event) && isNews(event));
    if (telling.length === 0) return;
    const [labels] = await Promise.all([readLabels(tx, refused), planner.refresh(tx)]);
    const world = planner.world(labels);
    await planner.plan(
      tx,
      telling.flatMap((event) => officesTold(event, world)),
    );
  },
});
