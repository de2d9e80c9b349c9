import type { DossierRef, Task } from '@lienthong/contracts/casework';
import type { Withdrawal } from '@lienthong/contracts/common';
import type { SystemCertificate } from '@lienthong/contracts/directory';
import { decodeEvent } from '@lienthong/contracts/events';
import type { EventPayload, EventType, ReceivedEvent } from '@lienthong/eventlog';
import { ADMINISTRATORS, EVERYBODY } from './audience.ts';
import type { OpenTasks } from './open-tasks.ts';

type Concern<T extends EventType> = (payload: EventPayload<T>, openTasks: OpenTasks) => readonly string[];

const everybody = () => [EVERYBODY];
const NO_TASKS: OpenTasks = new Map();
/** Acts of operators and what was read: for the audit alone. */
const nobody = () => [];
// For drafts.
const administrators = () => [ADMINISTRATORS];

/** A status, a change or an answer of one delivery: an agency does not learn of a document's other recipients. */
const delivery = ({ senderId, holderId }: { senderId: string; holderId: string }) => [senderId, holderId];

const certificate = ({ certificate }: { certificate?: SystemCertificate }) => [certificate?.agencyId ?? ''];

const webhook = ({ agencyId }: { agencyId: string }) => [agencyId];

/** The agencies that the lost event concerned; of those with an open task in its dossier only the ones it names. */
function withdrawal({ withdrawal: lost }: { withdrawal?: Withdrawal | undefined }): readonly string[] {
  if (lost === undefined || lost.payload.length === 0 || !isForFeeds(lost.type)) return [];
  const type = lost.type as EventType;
  return (CONCERNS[type] as Concern<EventType>)(decodeEvent(type, lost.payload), NO_TASKS);
}
interface DossierPayload {
  dossier?: DossierRef;
}
interface TaskPayload extends DossierPayload {
  task?: Task;
}

function parties({ dossier }: DossierPayload): string[] {
  if (dossier === undefined) throw new Error('the event carries no dossier');
  return [dossier.intakeAgencyId, dossier.competentAgencyId, dossier.holderId];
}

/** What happens to a dossier as a whole concerns all that have open work in it. */
const dossier = (payload: DossierPayload, openTasks: OpenTasks) => [
  ...parties(payload),
  ...openTasks.values(),
];

/** A task concerns its agency, and the dossier's intake and holder; not the agencies of other tasks. */
const task = (payload: TaskPayload) => [...parties(payload), payload.task?.agency?.agencyId ?? ''];

/** The dossier's own deadline, or a task's. */
const deadline = (payload: TaskPayload & { agencyId: string }) => [...task(payload), payload.agencyId];

/** Which agencies an event concerns, by its type. */
const CONCERNS: { readonly [T in EventType]: Concern<T> } = {
  'lienthong.directory.v1.AgencyEstablished': everybody,
  'lienthong.directory.v1.AgencyRenamed': everybody,
  'lienthong.directory.v1.AgencyMoved': everybody,
  'lienthong.directory.v1.AgencyUpdated': everybody,
  'lienthong.directory.v1.AgencyEnded': everybody,
  'lienthong.directory.v1.ReorganisationEnacted': everybody,
  'lienthong.directory.v1.OfficerAppointed': everybody,
  'lienthong.directory.v1.OfficerMoved': everybody,
  'lienthong.directory.v1.OfficerRelieved': everybody,
  'lienthong.directory.v1.CalendarYearDecided': everybody,
  'lienthong.directory.v1.CertificateRegistered': certificate,
  'lienthong.directory.v1.CertificateRevoked': certificate,

  'lienthong.registry.v1.ProcedureDrafted': administrators,
  'lienthong.registry.v1.ProcedureRevised': administrators,
  'lienthong.registry.v1.ProcedureValidated': administrators,
  'lienthong.registry.v1.ProcedureDraftDiscarded': administrators,
  'lienthong.registry.v1.ProcedurePublished': everybody,
  'lienthong.registry.v1.ProcedureAmended': everybody,
  'lienthong.registry.v1.ProcedureRepealed': everybody,
  'lienthong.registry.v1.ProcedureSuspended': everybody,
  'lienthong.registry.v1.ProcedureResumed': everybody,

  // Recipients get the event of their own delivery; this one names how many others there are.
  'lienthong.routing.v1.DocumentIssued': ({ document }) => [document?.issuerId ?? ''],
  'lienthong.routing.v1.NumberSeriesSet': ({ issuerId }) => [issuerId],
  'lienthong.routing.v1.DeliverySent': ({ delivery, document }) => [
    document?.issuerId ?? '',
    delivery?.addressedTo?.agencyId ?? '',
    delivery?.holder?.agencyId ?? '',
  ],
  'lienthong.routing.v1.DeliveryStatusReported': delivery,
  'lienthong.routing.v1.LateStatusNoted': delivery,
  'lienthong.routing.v1.DeliveryChangeRequested': delivery,
  'lienthong.routing.v1.DeliveryChanged': delivery,
  'lienthong.routing.v1.DirectiveAnswered': delivery,
  'lienthong.routing.v1.DeliveryRerouted': ({ senderId, reroute }) => [
    senderId,
    reroute?.from?.agencyId ?? '',
    reroute?.to?.agencyId ?? '',
  ],

  'lienthong.casework.v1.DossierLodged': dossier,
  'lienthong.casework.v1.DossierImported': (payload) => [
    ...parties(payload),
    ...payload.tasks.map(({ agency }) => agency?.agencyId ?? ''),
  ],
  'lienthong.casework.v1.DossierAccepted': dossier,
  'lienthong.casework.v1.DossierRefused': dossier,
  'lienthong.casework.v1.DossierWithdrawn': dossier,
  'lienthong.casework.v1.DossierStopped': dossier,
  'lienthong.casework.v1.DossierResumed': dossier,
  'lienthong.casework.v1.DossierFinished': dossier,
  'lienthong.casework.v1.ResultReturned': dossier,
  'lienthong.casework.v1.SupplementRequested': dossier,
  'lienthong.casework.v1.SupplementFileHandedIn': dossier,
  'lienthong.casework.v1.SupplementReceived': dossier,
  'lienthong.casework.v1.PaymentRequested': dossier,
  'lienthong.casework.v1.PaymentReceived': dossier,
  'lienthong.casework.v1.SurplusPaymentReceived': dossier,
  'lienthong.casework.v1.DeadlineExtended': dossier,
  'lienthong.casework.v1.DeadlinesRecomputed': dossier,
  'lienthong.casework.v1.TaskOpened': task,
  'lienthong.casework.v1.TaskAssigned': task,
  'lienthong.casework.v1.TaskReleased': task,
  'lienthong.casework.v1.TaskClosed': task,
  'lienthong.casework.v1.ConsultationUnanswered': (payload) => [...task(payload), payload.toldAgencyId],
  'lienthong.casework.v1.DeadlineNear': deadline,
  'lienthong.casework.v1.DeadlinePassed': deadline,
  'lienthong.casework.v1.OverdueEscalated': deadline,
  'lienthong.casework.v1.DossierRerouted': (payload) => [
    ...parties(payload),
    payload.from?.agencyId ?? '',
    payload.to?.agencyId ?? '',
  ],

  'lienthong.feed.v1.WebhookCreated': webhook,
  'lienthong.feed.v1.WebhookUpdated': webhook,
  'lienthong.feed.v1.WebhookSecretRotated': webhook,
  'lienthong.feed.v1.WebhookPaused': webhook,
  'lienthong.feed.v1.WebhookResumed': webhook,
  'lienthong.feed.v1.WebhookSuspended': webhook,
  'lienthong.feed.v1.WebhookDeleted': webhook,
  'lienthong.feed.v1.WebhookResendRequested': webhook,

  'lienthong.directory.v1.EventWithdrawn': withdrawal,
  'lienthong.registry.v1.EventWithdrawn': withdrawal,
  'lienthong.routing.v1.EventWithdrawn': withdrawal,
  'lienthong.casework.v1.EventWithdrawn': withdrawal,
  'lienthong.feed.v1.EventWithdrawn': withdrawal,
  'lienthong.notification.v1.EventWithdrawn': nobody,
  'lienthong.audit.v1.EventWithdrawn': nobody,
  'lienthong.directory.v1.ReplayRequested': nobody,
  'lienthong.registry.v1.ReplayRequested': nobody,
  'lienthong.routing.v1.ReplayRequested': nobody,
  'lienthong.casework.v1.ReplayRequested': nobody,
  'lienthong.feed.v1.ReplayRequested': nobody,
  'lienthong.notification.v1.ReplayRequested': nobody,
  'lienthong.audit.v1.ReplayRequested': nobody,
  'lienthong.routing.v1.ReadsRecorded': nobody,
  'lienthong.casework.v1.ReadsRecorded': nobody,
  'lienthong.feed.v1.ReadsRecorded': nobody,
  'lienthong.audit.v1.ReadsRecorded': nobody,
  'lienthong.casework.v1.PaymentProblemSettled': nobody,
  'lienthong.notification.v1.TemplateSaved': nobody,
  'lienthong.notification.v1.NotificationResent': nobody,
  'lienthong.notification.v1.FailedNotificationsResent': nobody,
  'lienthong.notification.v1.ContactSet': nobody,
  'lienthong.notification.v1.PreferencesSet': nobody,
  'lienthong.notification.v1.MailsEnded': nobody,
  'lienthong.notification.v1.AgencyEndpointSet': nobody,
  'lienthong.notification.v1.AgencySettingsEnded': nobody,
  'lienthong.notification.v1.DossierFollowed': nobody,
  'lienthong.notification.v1.DossierUnfollowed': nobody,
};

/** Whether events of a type are for agencies or administrators at all, and not for the audit alone. */
export const isForFeeds = (type: string): boolean =>
  Object.hasOwn(CONCERNS, type) && CONCERNS[type as EventType] !== nobody;

/**
 * The agencies an event concerns, each once; or a reserved id in their place. None for the withdrawal of an event that
 * was for the audit alone.
 * @param openTasks of the event's dossier, before the event
 * @throws when the payload names no agency that it concerns
 */
export function concernedBy(event: ReceivedEvent, openTasks: OpenTasks): readonly string[] {
  const concern = CONCERNS[event.type] as Concern<EventType>;
  const found = new Set(concern(event.payload, openTasks));
  found.delete('');
  if (found.size === 0 && concern !== withdrawal)
    throw new Error(`event ${event.envelope.eventId} names no agency that it concerns`);
  return [...found];
}
