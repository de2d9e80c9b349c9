import {
  type AuditServiceClient,
  AuditServiceDefinition,
  type ListEntriesRequest,
} from '@lienthong/contracts/audit';
import {
  type CaseworkServiceClient,
  CaseworkServiceDefinition,
  type CitizenFileServiceClient,
  CitizenFileServiceDefinition,
  type CitizenPaymentServiceClient,
  CitizenPaymentServiceDefinition,
  type DossierFileServiceClient,
  DossierFileServiceDefinition,
  type DossierImportServiceClient,
  DossierImportServiceDefinition,
  type DraftServiceClient,
  DraftServiceDefinition,
  type ListDossiersRequest,
  type ListWorkRequest,
  type PaymentOperationsServiceClient,
  PaymentOperationsServiceDefinition,
  type StatisticsServiceClient,
  StatisticsServiceDefinition,
  type TrackingServiceClient,
  TrackingServiceDefinition,
  type WorkOperationsServiceClient,
  WorkOperationsServiceDefinition,
} from '@lienthong/contracts/casework';
import {
  type AgencyDirectoryServiceClient,
  AgencyDirectoryServiceDefinition,
  type CalendarServiceClient,
  CalendarServiceDefinition,
  type CertificateServiceClient,
  CertificateServiceDefinition,
  type ListChildrenRequest,
  type ListOfficersRequest,
  type SearchAgenciesRequest,
} from '@lienthong/contracts/directory';
import type { EventType } from '@lienthong/contracts/events';
import {
  type FeedServiceClient,
  FeedServiceDefinition,
  type WebhookOperationsServiceClient,
  WebhookOperationsServiceDefinition,
  type WebhookServiceClient,
  WebhookServiceDefinition,
} from '@lienthong/contracts/feed';
import {
  type CitizenNotificationServiceClient,
  CitizenNotificationServiceDefinition,
  type ListMessagesRequest,
  type ListNotificationsRequest,
  type NotificationOperationsServiceClient,
  NotificationOperationsServiceDefinition,
  type NotificationServiceClient,
  NotificationServiceDefinition,
} from '@lienthong/contracts/notification';
import {
  type ListParkedEventsRequest,
  type OperationsServiceClient,
  OperationsServiceDefinition,
} from '@lienthong/contracts/operations';
import {
  type ProcedureRegistryServiceClient,
  ProcedureRegistryServiceDefinition,
  type SearchProceduresRequest,
} from '@lienthong/contracts/registry';
import {
  type AttachmentServiceClient,
  AttachmentServiceDefinition,
  type DeepPartial,
  type DocumentOperationsServiceClient,
  DocumentOperationsServiceDefinition,
  type DocumentRoutingServiceClient,
  DocumentRoutingServiceDefinition,
  type ListDeliveriesRequest,
  type ListDirectiveAnswersRequest,
  type ListInboxRequest,
  type ListOutboxRequest,
} from '@lienthong/contracts/routing';
import { type TraceServiceClient, TraceServiceDefinition } from '@lienthong/contracts/traces';
import { type Channel, createChannel } from 'nice-grpc';
import {
  type CallExtras,
  type CallSettings,
  callMiddleware,
  type MethodTraits,
  methodTraits,
} from './call.ts';
import { CHANNEL_OPTIONS, type ClientTls, toCredentials } from './credentials.ts';
import { type EvidenceOptions, type EvidenceSubject, exportEvidence } from './evidence.ts';
import {
  type DownloadOptions,
  downloadFile,
  type FileMethods,
  type FileSource,
  type UploadOptions,
  uploadFile,
} from './files.ts';
import { type FollowOptions, follow } from './follow.ts';
import { createImports } from './import.ts';
import { type DossierImportOptions, importDossiers } from './import-dossiers.ts';
import { lazyClients } from './lazy.ts';
import { type Options, pages } from './pages.ts';
import { createPositions } from './positions.ts';

export interface AgencyClientOptions {
  /** host:port of the platform. */
  address: string;
  /**
   * Gives the caller's bearer token. It is called before every attempt: cache the token and renew it in time. Without a
   * token only public methods can be called: procedures in force, the calendar, a dossier's tracking.
   */
  token?: () => string | Promise<string>;
  /** `{}`: TLS with the system's certificate authorities. Default: no TLS. */
  tls?: ClientTls | undefined;
  /** Limit for a whole call with its retries; default 30 seconds. */
  timeoutMs?: number;
  /** Limit for one attempt of a call; default 10 seconds. */
  attemptTimeoutMs?: number;
  /** Sent with every call. */
  metadata?: Readonly<Record<string, string>>;
  /** What another client has written (its `written()`), when this one goes on from there. */
  after?: string;
  /**
   * A connection that several clients share, each with its own token; `openChannel` makes it, and who made it closes it.
   * `address` and `tls` are then those of the channel.
   */
  channel?: Channel;
}

/** A connection to the platform. Connects on the first call, and reconnects after it was lost. */
export const openChannel = ({ address, tls }: Pick<AgencyClientOptions, 'address' | 'tls'>): Channel =>
  createChannel(address, toCredentials(tls), CHANNEL_OPTIONS);

export type AgencyClient = ReturnType<typeof connectAgency>;

type Paged<Request> = Omit<DeepPartial<Request>, 'pageToken'>;

/** A client for one agency (one token). Connects on the first call, and reconnects after a lost connection. */
export function connectAgency(options: AgencyClientOptions) {
  const settings: CallSettings = {
    token: options.token,
    metadata: options.metadata ?? {},
    timeoutMs: options.timeoutMs ?? 30_000,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    positions: createPositions(),
  };
  settings.positions.add(options.after ?? '');
  const channel = options.channel ?? openChannel(options);
  const create = lazyClients(channel, callMiddleware(settings, traitsOfServices()));

  // Named types: the inferred ones are found by no program that installs this package.
  const directory: AgencyDirectoryServiceClient<CallExtras> = create(AgencyDirectoryServiceDefinition);
  const calendar: CalendarServiceClient<CallExtras> = create(CalendarServiceDefinition);
  const certificates: CertificateServiceClient<CallExtras> = create(CertificateServiceDefinition);
  const procedures: ProcedureRegistryServiceClient<CallExtras> = create(ProcedureRegistryServiceDefinition);
  const routing: DocumentRoutingServiceClient<CallExtras> = create(DocumentRoutingServiceDefinition);
  const documentOperations: DocumentOperationsServiceClient<CallExtras> = create(
    DocumentOperationsServiceDefinition,
  );
  const attachments: AttachmentServiceClient<CallExtras> = create(AttachmentServiceDefinition);
  const casework: CaseworkServiceClient<CallExtras> = create(CaseworkServiceDefinition);
  const dossierFiles: DossierFileServiceClient<CallExtras> = create(DossierFileServiceDefinition);
  const dossierImports: DossierImportServiceClient<CallExtras> = create(DossierImportServiceDefinition);
  const drafts: DraftServiceClient<CallExtras> = create(DraftServiceDefinition);
  const citizenFiles: CitizenFileServiceClient<CallExtras> = create(CitizenFileServiceDefinition);
  const citizenPayments: CitizenPaymentServiceClient<CallExtras> = create(CitizenPaymentServiceDefinition);
  const paymentOperations: PaymentOperationsServiceClient<CallExtras> = create(
    PaymentOperationsServiceDefinition,
  );
  const tracking: TrackingServiceClient<CallExtras> = create(TrackingServiceDefinition);
  const workOperations: WorkOperationsServiceClient<CallExtras> = create(WorkOperationsServiceDefinition);
  const statistics: StatisticsServiceClient<CallExtras> = create(StatisticsServiceDefinition);
  const notifications: NotificationServiceClient<CallExtras> = create(NotificationServiceDefinition);
  const following: CitizenNotificationServiceClient<CallExtras> = create(
    CitizenNotificationServiceDefinition,
  );
  const notificationOperations: NotificationOperationsServiceClient<CallExtras> = create(
    NotificationOperationsServiceDefinition,
  );
  const audit: AuditServiceClient<CallExtras> = create(AuditServiceDefinition);
  const feed: FeedServiceClient<CallExtras> = create(FeedServiceDefinition);
  const webhooks: WebhookServiceClient<CallExtras> = create(WebhookServiceDefinition);
  const webhookOperations: WebhookOperationsServiceClient<CallExtras> = create(
    WebhookOperationsServiceDefinition,
  );
  const operations: OperationsServiceClient<CallExtras> = create(OperationsServiceDefinition);
  const traces: TraceServiceClient<CallExtras> = create(TraceServiceDefinition);

  const ofDocuments = (): FileMethods => ({
    upload: attachments.uploadAttachment,
    download: attachments.downloadAttachment,
    downloadPath: '/lienthong.routing.v1.AttachmentService/DownloadAttachment',
  });
  const ofDossiers = (): FileMethods => ({
    upload: dossierFiles.uploadFile,
    download: dossierFiles.downloadFile,
    downloadPath: '/lienthong.casework.v1.DossierFileService/DownloadFile',
  });

  return {
    directory,
    calendar,
    certificates,
    procedures,
    routing,
    documentOperations,
    attachments,
    casework,
    dossierFiles,
    dossierImports,
    drafts,
    citizenFiles,
    citizenPayments,
    paymentOperations,
    tracking,
    workOperations,
    statistics,
    notifications,
    following,
    notificationOperations,
    audit,
    feed,
    webhooks,
    webhookOperations,
    operations,
    traces,

    /** Newest first. */
    inbox: (request: Paged<ListInboxRequest> = {}, more?: Options) =>
      pages(routing.listInbox, (page) => page.items, request, more),
    /** Newest first. */
    outbox: (request: Paged<ListOutboxRequest> = {}, more?: Options) =>
      pages(routing.listOutbox, (page) => page.items, request, more),
    deliveries: (request: Paged<ListDeliveriesRequest>, more?: Options) =>
      pages(routing.listDeliveries, (page) => page.deliveries, request, more),
    directiveAnswers: (request: Paged<ListDirectiveAnswersRequest>, more?: Options) =>
      pages(routing.listDirectiveAnswers, (page) => page.answers, request, more),
    /** The caller's own, newest first. */
    messages: (request: Paged<ListMessagesRequest> = {}, more?: Options) =>
      pages(notifications.listMessages, (page) => page.messages, request, more),
    /** Newest first; for operators. */
    notificationsSent: (request: Paged<ListNotificationsRequest> = {}, more?: Options) =>
      pages(notificationOperations.listNotifications, (page) => page.notifications, request, more),
    children: (request: Paged<ListChildrenRequest>, more?: Options) =>
      pages(directory.listChildren, (page) => page.agencies, request, more),
    officers: (request: Paged<ListOfficersRequest>, more?: Options) =>
      pages(directory.listOfficers, (page) => page.officers, request, more),
    search: (request: Paged<SearchAgenciesRequest>, more?: Options) =>
      pages(directory.searchAgencies, (page) => page.agencies, request, more),
    searchProcedures: (request: Paged<SearchProceduresRequest> = {}, more?: Options) =>
      pages(procedures.searchProcedures, (page) => page.procedures, request, more),
    /** Open tasks by deadline. */
    work: (request: Paged<ListWorkRequest> = {}, more?: Options) =>
      pages(casework.listWork, (page) => page.items, request, more),
    /** Newest first. */
    dossiers: (request: Paged<ListDossiersRequest> = {}, more?: Options) =>
      pages(casework.listDossiers, (page) => page.dossiers, request, more),
    /** Newest first. */
    auditEntries: (request: Paged<ListEntriesRequest>, more?: Options) =>
      pages(audit.listEntries, (page) => page.entries, request, more),
    /** What the log proves about a document or dossier, as a file that anybody verifies without the platform. */
    evidence: (subject: EvidenceSubject, more: EvidenceOptions = {}) =>
      exportEvidence(audit, subject, settings.timeoutMs, more),
    /** Oldest first. */
    parkedEvents: (request: Paged<ListParkedEventsRequest>, more?: Options) =>
      pages(operations.listParkedEvents, (page) => page.events, request, more),

    /**
     * All events that concern the agency, in order, for as long as you iterate. It reconnects by itself and continues
     * after the last event. Store `event.cursor` together with your result of the event, and start with it next time.
     */
    follow: <T extends EventType = EventType>(more: FollowOptions<T> = {}) => follow<T>(feed, more),

    /** `importAgencies` and `appointOfficers`: all lines or none; a retry sends the same request_id. */
    ...createImports(directory, settings.timeoutMs),
    /** Moves running dossiers of another system in; resolves when all have come. */
    importDossiers: (options: DossierImportOptions) => importDossiers(dossierImports, options),
    /** At most 200 MiB. Sent in chunks as fast as the connection takes them; the platform checks the digest. */
    uploadAttachment: (source: FileSource, more: UploadOptions = {}) =>
      uploadFile(ofDocuments(), source, settings.timeoutMs, more),
    downloadAttachment: (sha256: string, more: DownloadOptions = {}) =>
      downloadFile(ofDocuments(), sha256, more.timeoutMs ?? settings.timeoutMs, more),
    /** The same for a paper or a result of dossiers. */
    uploadDossierFile: (source: FileSource, more: UploadOptions = {}) =>
      uploadFile(ofDossiers(), source, settings.timeoutMs, more),
    downloadDossierFile: (sha256: string, more: DownloadOptions = {}) =>
      downloadFile(ofDossiers(), sha256, more.timeoutMs ?? settings.timeoutMs, more),

    /**
     * How far the logs have come that this client wrote, for another client's `after` or the `lienthong-after` of a
     * request: with it no service refuses what this client made possible a moment ago.
     */
    written: () => settings.positions.read(),

    /** Ends the running calls with an error; later calls fail. A shared connection stays open. */
    close: () => {
      if (options.channel === undefined) channel.close();
    },
  };
}

export const SERVICES = [
  AgencyDirectoryServiceDefinition,
  CalendarServiceDefinition,
  CertificateServiceDefinition,
  ProcedureRegistryServiceDefinition,
  DocumentRoutingServiceDefinition,
  DocumentOperationsServiceDefinition,
  AttachmentServiceDefinition,
  CaseworkServiceDefinition,
  CitizenFileServiceDefinition,
  CitizenPaymentServiceDefinition,
  DossierFileServiceDefinition,
  DossierImportServiceDefinition,
  DraftServiceDefinition,
  PaymentOperationsServiceDefinition,
  TrackingServiceDefinition,
  WorkOperationsServiceDefinition,
  StatisticsServiceDefinition,
  NotificationServiceDefinition,
  CitizenNotificationServiceDefinition,
  NotificationOperationsServiceDefinition,
  AuditServiceDefinition,
  FeedServiceDefinition,
  WebhookServiceDefinition,
  WebhookOperationsServiceDefinition,
  OperationsServiceDefinition,
  TraceServiceDefinition,
];

let traits: Map<string, MethodTraits> | undefined;
function traitsOfServices(): Map<string, MethodTraits> {
  traits ??= methodTraits(SERVICES);
  return traits;
}
