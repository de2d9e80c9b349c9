import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { type Composed, defineService, periodically, rpcModule, type ServiceContext } from '@lienthong/kit';
import { agenciesConsumer, createAgencyCache, referenceDataMigrations } from '@lienthong/reference-data';
import { readConfig } from './config.ts';
import { createRerouting, type Rerouting } from './consumers/rerouting.ts';
import { downloadAttachment } from './rpc/download-attachment.ts';
import { type Edge, WORKS_WITH_DOCUMENTS } from './rpc/edge.ts';
import { getDelivery } from './rpc/get-delivery.ts';
import { getDocument } from './rpc/get-document.ts';
import { issueDocument } from './rpc/issue-document.ts';
import { listDeliveries } from './rpc/list-deliveries.ts';
import { listDirectiveAnswers } from './rpc/list-directive-answers.ts';
import { listInbox } from './rpc/list-inbox.ts';
import { listOutbox } from './rpc/list-outbox.ts';
import { recallDocument } from './rpc/recall-document.ts';
import { reportStatus } from './rpc/report-status.ts';
import { uploadAttachment } from './rpc/upload-attachment.ts';
import { dropAbandonedUploads } from './store/blobs.ts';
import { routingModel } from './store/routing-model.ts';

const JANITOR_MS = 600_000;

export interface ComposedRouting extends Composed, Pick<Rerouting, 'rerouteDue'> {}

/** `rerouteDue` lets whoever composes the service wait until what is due has moved. */
export function composeDocumentRouting(ctx: ServiceContext): ComposedRouting {
  const { db, clock, log } = ctx;
  const settings = readConfig(ctx.env);
  const agencies = createAgencyCache();
  const events = createEventLog({ ctx, source: 'routing' });
  const edge: Edge = { db, clock, agencies, commands: events.commandBus(routingModel(agencies)) };
  events.consumer(agenciesConsumer);
  const rerouting = createRerouting({
    db,
    clock,
    log,
    events,
    agencies,
    everyMs: settings.ROUTING_REROUTE_CHECK_MS,
  });
  // Twice the time an upload may take: one that still runs is never swept away.
  const janitor = periodically('upload janitor', JANITOR_MS, log, () =>
    dropAbandonedUploads(db, 2 * settings.ROUTING_UPLOAD_TIMEOUT_S),
  );
  const works = WORKS_WITH_DOCUMENTS;
  return {
    rpc: [
      rpcModule(
        DocumentRoutingServiceDefinition,
        {
          issueDocument: issueDocument(edge),
          recallDocument: recallDocument(edge),
          reportStatus: reportStatus(edge),
          getDocument: getDocument(edge),
          getDelivery: getDelivery(edge),
          listInbox: listInbox(edge),
          listOutbox: listOutbox(edge),
          listDeliveries: listDeliveries(edge),
          listDirectiveAnswers: listDirectiveAnswers(edge),
        },
        {
          issueDocument: works,
          recallDocument: works,
          reportStatus: works,
          getDocument: works,
          getDelivery: works,
          listInbox: works,
          listOutbox: works,
          listDeliveries: works,
          listDirectiveAnswers: works,
        },
      ),
      rpcModule(
        AttachmentServiceDefinition,
        {
          uploadAttachment: uploadAttachment({ db, log, settings }),
          downloadAttachment: downloadAttachment(edge),
        },
        { uploadAttachment: works, downloadAttachment: works },
      ),
    ],
    workers: [...events.workers(), rerouting, janitor],
    operations: events.operations,
    rerouteDue: rerouting.rerouteDue,
  };
}

export const documentRouting = defineService({
  name: 'document-routing',
  migrations: [
    eventLogMigrations,
    { name: 'document-routing', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose: composeDocumentRouting,
});
