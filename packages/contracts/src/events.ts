import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { encodeMessage } from './encode.ts';
import * as audit from './gen/lienthong/audit/v1/events.ts';
import * as casework from './gen/lienthong/casework/v1/events.ts';
import * as calendar from './gen/lienthong/directory/v1/calendar.ts';
import * as certificates from './gen/lienthong/directory/v1/certificates.ts';
import * as directory from './gen/lienthong/directory/v1/events.ts';
import * as feed from './gen/lienthong/feed/v1/events.ts';
import * as notification from './gen/lienthong/notification/v1/events.ts';
import * as registry from './gen/lienthong/registry/v1/events.ts';
import * as routing from './gen/lienthong/routing/v1/events.ts';

interface Codec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(bytes: Uint8Array): T;
  fromPartial(message: object): T;
  toJSON(message: T): unknown;
}

interface EventContract<T> {
  codec: Codec<T>;
  /** The service whose log the event belongs to; second token of its subject. */
  source: EventSource;
  /** Third and fourth token of its subject. */
  aggregate: string;
  event: string;
}

/** The logs of the platform's services, each with the events of one. */
export const EVENT_SOURCES = [
  'directory',
  'registry',
  'routing',
  'casework',
  'feed',
  'notification',
  'audit',
] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

const contract = <T>(
  codec: Codec<T>,
  source: EventSource,
  aggregate: string,
  event: string,
): EventContract<T> => ({
  codec,
  source,
  aggregate,
  event,
});

/** Every event of the platform: its full protobuf name, its codec and its place in the subject space. */
export const eventContracts = {
  'lienthong.directory.v1.AgencyEstablished': contract(
    directory.AgencyEstablished,
    'directory',
    'agency',
    'established',
  ),
  'lienthong.directory.v1.AgencyRenamed': contract(directory.AgencyRenamed, 'directory', 'agency', 'renamed'),
  'lienthong.directory.v1.AgencyMoved': contract(directory.AgencyMoved, 'directory', 'agency', 'moved'),
  'lienthong.directory.v1.AgencyUpdated': contract(directory.AgencyUpdated, 'directory', 'agency', 'updated'),
  'lienthong.directory.v1.AgencyEnded': contract(directory.AgencyEnded, 'directory', 'agency', 'ended'),
  'lienthong.directory.v1.ReorganisationEnacted': contract(
    directory.ReorganisationEnacted,
    'directory',
    'reorganisation',
    'enacted',
  ),
  'lienthong.directory.v1.OfficerAppointed': contract(
    directory.OfficerAppointed,
    'directory',
    'officer',
    'appointed',
  ),
  'lienthong.directory.v1.OfficerMoved': contract(directory.OfficerMoved, 'directory', 'officer', 'moved'),
  'lienthong.directory.v1.OfficerRelieved': contract(
    directory.OfficerRelieved,
    'directory',
    'officer',
    'relieved',
  ),
  'lienthong.routing.v1.DocumentIssued': contract(routing.DocumentIssued, 'routing', 'document', 'issued'),
  'lienthong.routing.v1.NumberSeriesSet': contract(routing.NumberSeriesSet, 'routing', 'series', 'set'),
  'lienthong.routing.v1.DeliverySent': contract(routing.DeliverySent, 'routing', 'delivery', 'sent'),
  'lienthong.routing.v1.DeliveryStatusReported': contract(
    routing.DeliveryStatusReported,
    'routing',
    'delivery',
    'status',
  ),
  'lienthong.routing.v1.LateStatusNoted': contract(
    routing.LateStatusNoted,
    'routing',
    'delivery',
    'late_status',
  ),
  'lienthong.routing.v1.DeliveryChangeRequested': contract(
    routing.DeliveryChangeRequested,
    'routing',
    'delivery',
    'change_requested',
  ),
  'lienthong.routing.v1.DeliveryChanged': contract(routing.DeliveryChanged, 'routing', 'delivery', 'changed'),
  'lienthong.routing.v1.DeliveryRerouted': contract(
    routing.DeliveryRerouted,
    'routing',
    'delivery',
    'rerouted',
  ),
  'lienthong.routing.v1.DirectiveAnswered': contract(
    routing.DirectiveAnswered,
    'routing',
    'delivery',
    'answered',
  ),
  'lienthong.directory.v1.CalendarYearDecided': contract(
    calendar.CalendarYearDecided,
    'directory',
    'calendar',
    'decided',
  ),
  'lienthong.directory.v1.CertificateRegistered': contract(
    certificates.CertificateRegistered,
    'directory',
    'certificate',
    'registered',
  ),
  'lienthong.directory.v1.CertificateRevoked': contract(
    certificates.CertificateRevoked,
    'directory',
    'certificate',
    'revoked',
  ),
  'lienthong.registry.v1.ProcedureDrafted': contract(
    registry.ProcedureDrafted,
    'registry',
    'procedure',
    'drafted',
  ),
  'lienthong.registry.v1.ProcedureRevised': contract(
    registry.ProcedureRevised,
    'registry',
    'procedure',
    'revised',
  ),
  'lienthong.registry.v1.ProcedureValidated': contract(
    registry.ProcedureValidated,
    'registry',
    'procedure',
    'validated',
  ),
  'lienthong.registry.v1.ProcedurePublished': contract(
    registry.ProcedurePublished,
    'registry',
    'procedure',
    'published',
  ),
  'lienthong.registry.v1.ProcedureAmended': contract(
    registry.ProcedureAmended,
    'registry',
    'procedure',
    'amended',
  ),
  'lienthong.registry.v1.ProcedureSuspended': contract(
    registry.ProcedureSuspended,
    'registry',
    'procedure',
    'suspended',
  ),
  'lienthong.registry.v1.ProcedureResumed': contract(
    registry.ProcedureResumed,
    'registry',
    'procedure',
    'resumed',
  ),
  'lienthong.registry.v1.ProcedureRepealed': contract(
    registry.ProcedureRepealed,
    'registry',
    'procedure',
    'repealed',
  ),
  'lienthong.registry.v1.ProcedureDraftDiscarded': contract(
    registry.ProcedureDraftDiscarded,
    'registry',
    'procedure',
    'draft_discarded',
  ),
  'lienthong.casework.v1.DossierLodged': contract(casework.DossierLodged, 'casework', 'dossier', 'lodged'),
  'lienthong.casework.v1.DossierImported': contract(
    casework.DossierImported,
    'casework',
    'dossier',
    'imported',
  ),
  'lienthong.casework.v1.DossierAccepted': contract(
    casework.DossierAccepted,
    'casework',
    'dossier',
    'accepted',
  ),
  'lienthong.casework.v1.DossierRefused': contract(casework.DossierRefused, 'casework', 'dossier', 'refused'),
  'lienthong.casework.v1.TaskOpened': contract(casework.TaskOpened, 'casework', 'dossier', 'task_opened'),
  'lienthong.casework.v1.TaskReleased': contract(
    casework.TaskReleased,
    'casework',
    'dossier',
    'task_released',
  ),
  'lienthong.casework.v1.TaskAssigned': contract(
    casework.TaskAssigned,
    'casework',
    'dossier',
    'task_assigned',
  ),
  'lienthong.casework.v1.TaskClosed': contract(casework.TaskClosed, 'casework', 'dossier', 'task_closed'),
  'lienthong.casework.v1.ConsultationUnanswered': contract(
    casework.ConsultationUnanswered,
    'casework',
    'dossier',
    'consultation_unanswered',
  ),
  'lienthong.casework.v1.SupplementRequested': contract(
    casework.SupplementRequested,
    'casework',
    'dossier',
    'supplement_requested',
  ),
  'lienthong.casework.v1.SupplementReceived': contract(
    casework.SupplementReceived,
    'casework',
    'dossier',
    'supplement_received',
  ),
  'lienthong.casework.v1.SupplementFileHandedIn': contract(
    casework.SupplementFileHandedIn,
    'casework',
    'dossier',
    'supplement_file_handed_in',
  ),
  'lienthong.casework.v1.PaymentRequested': contract(
    casework.PaymentRequested,
    'casework',
    'dossier',
    'payment_requested',
  ),
  'lienthong.casework.v1.PaymentReceived': contract(
    casework.PaymentReceived,
    'casework',
    'dossier',
    'payment_received',
  ),
  'lienthong.casework.v1.SurplusPaymentReceived': contract(
    casework.SurplusPaymentReceived,
    'casework',
    'dossier',
    'surplus_payment_received',
  ),
  'lienthong.casework.v1.DossierWithdrawn': contract(
    casework.DossierWithdrawn,
    'casework',
    'dossier',
    'withdrawn',
  ),
  'lienthong.casework.v1.DossierStopped': contract(casework.DossierStopped, 'casework', 'dossier', 'stopped'),
  'lienthong.casework.v1.DossierResumed': contract(casework.DossierResumed, 'casework', 'dossier', 'resumed'),
  'lienthong.casework.v1.DeadlineExtended': contract(
    casework.DeadlineExtended,
    'casework',
    'dossier',
    'deadline_extended',
  ),
  'lienthong.casework.v1.DossierFinished': contract(
    casework.DossierFinished,
    'casework',
    'dossier',
    'finished',
  ),
  'lienthong.casework.v1.ResultReturned': contract(
    casework.ResultReturned,
    'casework',
    'dossier',
    'result_returned',
  ),
  'lienthong.casework.v1.DeadlineNear': contract(
    casework.DeadlineNear,
    'casework',
    'dossier',
    'deadline_near',
  ),
  'lienthong.casework.v1.DeadlinePassed': contract(
    casework.DeadlinePassed,
    'casework',
    'dossier',
    'deadline_passed',
  ),
  'lienthong.casework.v1.OverdueEscalated': contract(
    casework.OverdueEscalated,
    'casework',
    'dossier',
    'escalated',
  ),
  'lienthong.casework.v1.DeadlinesRecomputed': contract(
    casework.DeadlinesRecomputed,
    'casework',
    'dossier',
    'deadlines_recomputed',
  ),
  'lienthong.casework.v1.DossierRerouted': contract(
    casework.DossierRerouted,
    'casework',
    'dossier',
    'rerouted',
  ),
  'lienthong.feed.v1.WebhookCreated': contract(feed.WebhookCreated, 'feed', 'webhook', 'created'),
  'lienthong.feed.v1.WebhookUpdated': contract(feed.WebhookUpdated, 'feed', 'webhook', 'updated'),
  'lienthong.feed.v1.WebhookSecretRotated': contract(
    feed.WebhookSecretRotated,
    'feed',
    'webhook',
    'secret_rotated',
  ),
  'lienthong.feed.v1.WebhookPaused': contract(feed.WebhookPaused, 'feed', 'webhook', 'paused'),
  'lienthong.feed.v1.WebhookResumed': contract(feed.WebhookResumed, 'feed', 'webhook', 'resumed'),
  'lienthong.feed.v1.WebhookSuspended': contract(feed.WebhookSuspended, 'feed', 'webhook', 'suspended'),
  'lienthong.feed.v1.WebhookDeleted': contract(feed.WebhookDeleted, 'feed', 'webhook', 'deleted'),
  'lienthong.feed.v1.WebhookResendRequested': contract(
    feed.WebhookResendRequested,
    'feed',
    'webhook',
    'resend_requested',
  ),
  'lienthong.casework.v1.PaymentProblemSettled': contract(
    casework.PaymentProblemSettled,
    'casework',
    'payment_problem',
    'settled',
  ),
  'lienthong.notification.v1.TemplateSaved': contract(
    notification.TemplateSaved,
    'notification',
    'template',
    'saved',
  ),
  'lienthong.notification.v1.NotificationResent': contract(
    notification.NotificationResent,
    'notification',
    'notification',
    'resent',
  ),
  'lienthong.notification.v1.FailedNotificationsResent': contract(
    notification.FailedNotificationsResent,
    'notification',
    'notification',
    'failed_resent',
  ),
  'lienthong.notification.v1.ContactSet': contract(notification.ContactSet, 'notification', 'contact', 'set'),
  'lienthong.notification.v1.PreferencesSet': contract(
    notification.PreferencesSet,
    'notification',
    'preferences',
    'set',
  ),
  'lienthong.notification.v1.MailsEnded': contract(
    notification.MailsEnded,
    'notification',
    'preferences',
    'mails_ended',
  ),
  'lienthong.notification.v1.AgencyEndpointSet': contract(
    notification.AgencyEndpointSet,
    'notification',
    'endpoint',
    'set',
  ),
  'lienthong.notification.v1.AgencySettingsEnded': contract(
    notification.AgencySettingsEnded,
    'notification',
    'agency_settings',
    'ended',
  ),
  'lienthong.notification.v1.DossierFollowed': contract(
    notification.DossierFollowed,
    'notification',
    'follower',
    'followed',
  ),
  'lienthong.notification.v1.DossierUnfollowed': contract(
    notification.DossierUnfollowed,
    'notification',
    'follower',
    'unfollowed',
  ),
  'lienthong.directory.v1.ReplayRequested': contract(
    directory.ReplayRequested,
    'directory',
    'replay',
    'requested',
  ),
  'lienthong.registry.v1.ReplayRequested': contract(
    registry.ReplayRequested,
    'registry',
    'replay',
    'requested',
  ),
  'lienthong.routing.v1.ReplayRequested': contract(routing.ReplayRequested, 'routing', 'replay', 'requested'),
  'lienthong.casework.v1.ReplayRequested': contract(
    casework.ReplayRequested,
    'casework',
    'replay',
    'requested',
  ),
  'lienthong.feed.v1.ReplayRequested': contract(feed.ReplayRequested, 'feed', 'replay', 'requested'),
  'lienthong.notification.v1.ReplayRequested': contract(
    notification.ReplayRequested,
    'notification',
    'replay',
    'requested',
  ),
  'lienthong.audit.v1.ReplayRequested': contract(audit.ReplayRequested, 'audit', 'replay', 'requested'),
  'lienthong.directory.v1.EventWithdrawn': contract(
    directory.EventWithdrawn,
    'directory',
    'event',
    'withdrawn',
  ),
  'lienthong.registry.v1.EventWithdrawn': contract(registry.EventWithdrawn, 'registry', 'event', 'withdrawn'),
  'lienthong.routing.v1.EventWithdrawn': contract(routing.EventWithdrawn, 'routing', 'event', 'withdrawn'),
  'lienthong.casework.v1.EventWithdrawn': contract(casework.EventWithdrawn, 'casework', 'event', 'withdrawn'),
  'lienthong.feed.v1.EventWithdrawn': contract(feed.EventWithdrawn, 'feed', 'event', 'withdrawn'),
  'lienthong.notification.v1.EventWithdrawn': contract(
    notification.EventWithdrawn,
    'notification',
    'event',
    'withdrawn',
  ),
  'lienthong.audit.v1.EventWithdrawn': contract(audit.EventWithdrawn, 'audit', 'event', 'withdrawn'),
  'lienthong.routing.v1.ReadsRecorded': contract(routing.ReadsRecorded, 'routing', 'reads', 'recorded'),
  'lienthong.casework.v1.ReadsRecorded': contract(casework.ReadsRecorded, 'casework', 'reads', 'recorded'),
  'lienthong.feed.v1.ReadsRecorded': contract(feed.ReadsRecorded, 'feed', 'reads', 'recorded'),
  'lienthong.audit.v1.ReadsRecorded': contract(audit.ReadsRecorded, 'audit', 'reads', 'recorded'),
} as const;

export type EventType = keyof typeof eventContracts;
/** What every service's log may have besides the events of its domain. */
export type CommonEventType = Extract<
  EventType,
  `lienthong.${string}.v1.${'ReplayRequested' | 'EventWithdrawn' | 'ReadsRecorded'}`
>;
export type EventPayload<T extends EventType> =
  (typeof eventContracts)[T] extends EventContract<infer P> ? P : never;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventContracts, type);

/** @throws when the payload is not a message of this type */
export const encodeEvent = <T extends EventType>(type: T, payload: EventPayload<T>): Uint8Array =>
  encodeMessage(eventContracts[type].codec as unknown as Codec<EventPayload<T>>, payload);

export function decodeEvent<T extends EventType>(type: T, bytes: Uint8Array): EventPayload<T> {
  return (eventContracts[type].codec as unknown as Codec<EventPayload<T>>).decode(bytes);
}

/** The payload as proto3 JSON, for those who read no protobuf. @throws when the bytes are not a message of this type */
export function eventToJson(type: EventType, bytes: Uint8Array): unknown {
  const codec = eventContracts[type].codec as unknown as Codec<unknown>;
  return codec.toJSON(codec.decode(bytes));
}

/**
 * `<root>.<source>.<aggregate>.<event>.<agency code>`: the dots of the code are subject tokens, so that
 * `lt.*.*.*.H61.29542.>` is a commune's slice. An event of no agency ends with `_`.
 */
export function subjectOf(root: string, type: EventType, agencyCode: string): string {
  const { source, aggregate, event } = eventContracts[type];
  return `${root}.${source}.${aggregate}.${event}.${agencyCode === '' ? '_' : agencyCode}`;
}
