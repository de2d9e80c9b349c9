import { DeliveryState, DeliveryStatus, type Document } from '@lienthong/contracts/routing';
import type { ConsumerOptions, EventType, ReceivedEvent } from '@lienthong/eventlog';
import { datesOf, hasIntents, toOfficeIntents } from '../domain/rules/routing.ts';
import type { Planner } from '../plan-messages.ts';
import {
  deleteReminders,
  insertDocuments,
  insertReminders,
  moveReminders,
  readLabels,
} from '../store/documents.ts';

const P = 'lienthong.routing.v1.';
const TYPES = [
  `${P}DocumentIssued`,
  `${P}DeliverySent`,
  `${P}DeliveryStatusReported`,
  `${P}DeliveryChanged`,
  `${P}DeliveryRerouted`,
  `${P}DirectiveAnswered`,
] as const satisfies readonly EventType[];

/** Notifies agencies of their documents, and keeps their reminders. Only recent events cause messages. */
export const routingConsumer = (
  planner: Planner,
  isRecent: (event: ReceivedEvent) => boolean,
  applyDirectory: () => Promise<unknown>,
): ConsumerOptions<(typeof TYPES)[number]> => ({
  name: 'documents',
  source: 'routing',
  lingerMs: 50,
  types: TYPES,
  async handle(tx, events) {
    const issued: Document[] = [];
    const sent: { deliveryId: string; documentId: string; agencyId: string }[] = [];
    const refused: string[] = [];
    const ended: string[] = [];
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
      } else if (type === `${P}DirectiveAnswered`) ended.push(payload.deliveryId);
      else {
        if (payload.state !== DeliveryState.OPEN) ended.push(payload.deliveryId);
        if (type === `${P}DeliveryStatusReported` && payload.status === DeliveryStatus.REFUSED)
          refused.push(payload.documentId);
      }
    }
    insertDocuments(tx, issued);
    // Most deliveries are in the batch of their document; one without dates needs no reminders.
    const withoutDates = new Set(issued.filter((one) => datesOf(one).length === 0).map(({ id }) => id));
    insertReminders(
      tx,
      sent.filter(({ documentId }) => !withoutDates.has(documentId)),
    );
    moveReminders(tx, moved);
    deleteReminders(tx, ended);
    const notifying = (events as readonly ReceivedEvent[]).filter(
      (event) => hasIntents(event) && isRecent(event),
    );
    if (notifying.length === 0) return;
    // The officers go to the successor by the same change of the directory; they are notified where they are now.
    if (moved.size > 0) await applyDirectory();
    const [labels] = await Promise.all([readLabels(tx, refused), planner.refresh(tx)]);
    const world = planner.world(labels);
    await planner.plan(
      tx,
      notifying.flatMap((event) => toOfficeIntents(event, world)),
    );
  },
});
