import type { Calls } from '@lienthong/contracts/json';

/** What the pages of staff call: nothing else of the platform is reached through the console. */
export const METHODS = [
  'directory.v1.AgencyDirectoryService/GetCaller',
  'directory.v1.AgencyDirectoryService/GetAgency',
  'directory.v1.AgencyDirectoryService/GetLineage',
  'directory.v1.AgencyDirectoryService/ListChildren',
  'directory.v1.AgencyDirectoryService/ListOfficers',
  'directory.v1.AgencyDirectoryService/SearchAgencies',
  'directory.v1.CalendarService/GetCalendarYear',
  'routing.v1.DocumentRoutingService/CountInbox',
  'routing.v1.DocumentRoutingService/GetDelivery',
  'routing.v1.DocumentRoutingService/GetDocument',
  'routing.v1.DocumentRoutingService/IssueDocument',
  'routing.v1.DocumentRoutingService/ListDeliveries',
  'routing.v1.DocumentRoutingService/ListDirectiveAnswers',
  'routing.v1.DocumentRoutingService/ListInbox',
  'routing.v1.DocumentRoutingService/ListOutbox',
  'routing.v1.DocumentRoutingService/RecallDocument',
  'routing.v1.DocumentRoutingService/ReportStatus',
  'notification.v1.NotificationService/CountUnread',
  'notification.v1.NotificationService/GetPreferences',
  'notification.v1.NotificationService/ListMessages',
  'notification.v1.NotificationService/MarkRead',
  'notification.v1.NotificationService/SetContact',
  'notification.v1.NotificationService/SetPreferences',
  'registry.v1.ProcedureRegistryService/GetProcedure',
  'registry.v1.ProcedureRegistryService/SearchProcedures',
  'casework.v1.CaseworkService/AcceptDossier',
  'casework.v1.CaseworkService/AssignTask',
  'casework.v1.CaseworkService/ClaimTask',
  'casework.v1.CaseworkService/CompleteTask',
  'casework.v1.CaseworkService/CountWork',
  'casework.v1.CaseworkService/ExplainDossierDeadline',
  'casework.v1.CaseworkService/ExtendDeadline',
  'casework.v1.CaseworkService/GetDossier',
  'casework.v1.CaseworkService/GetHistory',
  'casework.v1.CaseworkService/HandOverTask',
  'casework.v1.CaseworkService/ListDossiers',
  'casework.v1.CaseworkService/ListWork',
  'casework.v1.CaseworkService/LodgeDossier',
  'casework.v1.CaseworkService/ReceiveSupplement',
  'casework.v1.CaseworkService/RecordPayment',
  'casework.v1.CaseworkService/RefuseDossier',
  'casework.v1.CaseworkService/RenderPaper',
  'casework.v1.CaseworkService/RequestPayment',
  'casework.v1.CaseworkService/RequestSupplement',
  'casework.v1.CaseworkService/ResumeDossier',
  'casework.v1.CaseworkService/ReturnResult',
  'casework.v1.CaseworkService/ReturnTask',
  'casework.v1.CaseworkService/StopDossier',
  'casework.v1.CaseworkService/WithdrawDossier',
  'casework.v1.StatisticsService/GetStatistics',
] as const satisfies readonly (keyof Calls)[];

/** Uploads of files, by tus. */
export const UPLOADS = [
  'routing.v1.AttachmentService/UploadAttachment',
  'casework.v1.DossierFileService/UploadFile',
] as const;

/** Files by what they belong to, which is a part of their address. */
export const FILES = {
  'van-ban': '/lienthong.routing.v1.AttachmentService/DownloadAttachment',
  'ho-so': '/lienthong.casework.v1.DossierFileService/DownloadFile',
} as const;
