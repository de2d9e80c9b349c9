import {
  AttachmentServiceDefinition,
  DocumentOperationsServiceDefinition,
  DocumentRoutingServiceDefinition,
} from '@lienthong/contracts/routing';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { createFileStore, fileStoreMigrations } from '@lienthong/file-store';
import { type Composed, defineService, rpcService, type ServiceContext } from '@lienthong/kit';
import {
  agenciesConsumer,
  callerDirectory,
  certificatesConsumer,
  createAgencyCache,
  createCertificateCache,
  createOfficerCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { readConfig, trustFilesOf } from './config.ts';
import { countInbox } from './rpc/count-inbox.ts';
import { countOpenDeliveries } from './rpc/count-open-deliveries.ts';
import type { AttachmentDeps, Deps } from './rpc/deps.ts';
import { downloadAttachment } from './rpc/download-attachment.ts';
import { findDocuments } from './rpc/find-documents.ts';
import { findDocumentsByNumber } from './rpc/find-documents-by-number.ts';
import { getDelivery } from './rpc/get-delivery.ts';
import { getDocument } from './rpc/get-document.ts';
import { issueDocument } from './rpc/issue-document.ts';
import { listDeliveries } from './rpc/list-deliveries.ts';
import { listDirectiveAnswers } from './rpc/list-directive-answers.ts';
import { listInbox } from './rpc/list-inbox.ts';
import { listOutbox } from './rpc/list-outbox.ts';
import { listStrandedDeliveries } from './rpc/list-stranded-deliveries.ts';
import { recallDocument } from './rpc/recall-document.ts';
import { reportStatus } from './rpc/report-status.ts';
import { setNumberSeries } from './rpc/set-number-series.ts';
import { uploadAttachment } from './rpc/upload-attachment.ts';
import { createSignatureChecker } from './signatures/checker.ts';
import { registeredSigners } from './signatures/registered-signers.ts';
import { createOcspResponder } from './signatures/responder.ts';
import { routingModel } from './store/routing-model.ts';
import { createRerouting } from './workers/rerouting.ts';

export interface ComposedRouting extends Composed {
  /** Reroutes every delivery that is due; resolves to their number. */
  rerouteDue(): Promise<number>;
}

export function composeDocumentRouting(ctx: ServiceContext): ComposedRouting {
  const { db, clock, log } = ctx;
  const settings = readConfig(ctx.env);
  const agencies = createAgencyCache();
  const officers = createOfficerCache();
  const certificates = createCertificateCache();
  const events = createEventLog({
    ctx,
    source: 'routing',
  });
  events.consumer(agenciesConsumer);
  events.consumer(officersConsumer);
  events.consumer(certificatesConsumer);
  const rerouting = createRerouting({
    db,
    clock,
    log,
    events,
    agencies,
    everyMs: settings.ROUTING_REROUTE_CHECK_MS,
  });
  const files = createFileStore({ db, log, env: ctx.env });
  const trust = trustFilesOf(settings);
  const signatures =
    trust &&
    createSignatureChecker({
      db,
      clock,
      trust,
      files,
      signers: registeredSigners({ agencies, officers, certificates }),
      responder:
        settings.SIGNATURE_OCSP_URL === undefined
          ? undefined
          : createOcspResponder(settings.SIGNATURE_OCSP_URL, ctx),
    });
  const deps: Deps = {
    db,
    agencies,
    commands: events.commandBus(routingModel(agencies)),
    signatures,
    signaturesRequired: settings.SIGNATURES === 'required',
  };
  const attachmentDeps: AttachmentDeps = { db, agencies, files };
  return {
    rpc: [
      rpcService(DocumentRoutingServiceDefinition, deps, [
        issueDocument,
        recallDocument,
        reportStatus,
        setNumberSeries,
        getDocument,
        getDelivery,
        findDocuments,
        listInbox,
        countInbox,
        listOutbox,
        listDeliveries,
        listDirectiveAnswers,
      ]),
      rpcService(DocumentOperationsServiceDefinition, deps, [
        findDocumentsByNumber,
        listStrandedDeliveries,
        countOpenDeliveries,
      ]),
      rpcService(AttachmentServiceDefinition, attachmentDeps, [uploadAttachment, downloadAttachment]),
    ],
    directory: callerDirectory(db, { agencies, officers, certificates }),
    workers: [...events.workers(), rerouting, files.worker, ...(signatures ? [signatures] : [])],
    operations: events.operations,
    catchUp: events.catchUp,
    readLog: events.readLog,
    rerouteDue: rerouting.runDue,
  };
}

export const documentRouting = defineService({
  name: 'document-routing',
  migrations: [
    eventLogMigrations,
    fileStoreMigrations,
    { name: 'document-routing', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose: composeDocumentRouting,
});
