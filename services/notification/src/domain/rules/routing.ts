import { Priority, Topic } from '@lienthong/contracts/notification';
import { DeliveryStatus, type Document, type DocumentSummary, Urgency } from '@lienthong/contracts/routing';
import type { ReceivedEvent } from '@lienthong/eventlog';
import { properName } from '@lienthong/reference-data';
import { type DocumentLabel, type Intent, idOfCause, type RuleWorld } from '../intent.ts';

const LONGEST_TASK = 500;

/** The dates by which a document is to be answered, or a task of it done; an empty task: the document as a whole. */
export const datesOf = ({ dueOn, tasks }: Pick<Document, 'dueOn' | 'tasks'>) =>
  [{ content: '', dueOn }, ...tasks].flatMap((task) =>
    task.dueOn === '' ? [] : [{ dueOn: task.dueOn, task: task.content.slice(0, LONGEST_TASK) }],
  );

/** True for an event that causes messages; other events cost no read of people and documents. */
export const hasIntents = ({ type, payload }: ReceivedEvent): boolean =>
  type === 'lienthong.routing.v1.DeliverySent' ||
  type === 'lienthong.routing.v1.DeliveryRerouted' ||
  (type === 'lienthong.routing.v1.DeliveryStatusReported' && payload.status === DeliveryStatus.REFUSED);

/** The messages that an event of a document causes. */
export function toOfficeIntents(event: ReceivedEvent, world: RuleWorld): Intent[] {
  switch (event.type) {
    case 'lienthong.routing.v1.DeliverySent': {
      const { delivery, document } = event.payload;
      const holderId = (delivery?.holder ?? delivery?.addressedTo)?.agencyId;
      return holderId && document ? [toReceivedIntent(event, document, holderId, world)] : [];
    }
    case 'lienthong.routing.v1.DeliveryRerouted': {
      const { reroute, document } = event.payload;
      const holderId = reroute?.to?.agencyId;
      return holderId && document ? [toReceivedIntent(event, document, holderId, world)] : [];
    }
    case 'lienthong.routing.v1.DeliveryStatusReported': {
      const { status, documentId, senderId, agencyName, reason } = event.payload;
      if (status !== DeliveryStatus.REFUSED) return [];
      return [
        {
          eventId: event.envelope.eventId,
          topic: Topic.DOCUMENT_REFUSED,
          priority: Priority.NORMAL,
          audience: { who: 'office', agencyId: senderId },
          values: {
            ...documentValues(world.documentOf(documentId)),
            agencyName: properName(agencyName),
            reason,
          },
          dossierCode: '',
          documentId,
        },
      ];
    }
    default:
      return [];
  }
}

function toReceivedIntent(
  { envelope }: ReceivedEvent,
  document: DocumentSummary,
  holderId: string,
  world: RuleWorld,
): Intent {
  return {
    eventId: envelope.eventId,
    topic: Topic.DOCUMENT_RECEIVED,
    priority: document.urgency >= Urgency.URGENT ? Priority.URGENT : Priority.NORMAL,
    audience: { who: 'office', agencyId: holderId },
    values: { ...documentValues(labelOf(document)), agencyName: world.nameOf(holderId) },
    dossierCode: '',
    documentId: document.id,
  };
}

export interface Reminder {
  deliveryId: string;
  documentId: string;
  agencyId: string;
  /** YYYY-MM-DD. */
  dueOn: string;
  /** Empty: the directive as a whole. */
  task: string;
}

/** Reminds an agency of a date of a directive. */
export const toReminderIntent = (reminder: Reminder, world: RuleWorld): Intent => ({
  eventId: idOfCause(`${reminder.deliveryId} ${reminder.dueOn} ${reminder.task}`),
  topic: Topic.DIRECTIVE_DUE,
  priority: Priority.NORMAL,
  audience: { who: 'office', agencyId: reminder.agencyId },
  values: {
    ...documentValues(world.documentOf(reminder.documentId)),
    agencyName: world.nameOf(reminder.agencyId),
    dueOn: reminder.dueOn,
    task: reminder.task,
  },
  dossierCode: '',
  documentId: reminder.documentId,
});

export const labelOf = (document: {
  number: string;
  notation: string;
  subject: string;
  issuerName: string;
}): DocumentLabel => ({
  number: [document.number, document.notation].filter((part) => part !== '').join('/'),
  subject: document.subject,
  issuerName: document.issuerName,
});

const documentValues = (label: DocumentLabel | undefined) => ({
  documentNumber: label?.number ?? '',
  subject: label?.subject ?? '',
  issuerName: properName(label?.issuerName ?? ''),
});
