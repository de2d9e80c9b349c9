import {
  CaseworkServiceDefinition,
  CitizenFileServiceDefinition,
  CitizenPaymentServiceDefinition,
  DossierFileServiceDefinition,
  DossierImportServiceDefinition,
  DraftServiceDefinition,
  PaymentOperationsServiceDefinition,
  StatisticsServiceDefinition,
  TrackingServiceDefinition,
  WorkOperationsServiceDefinition,
} from '@lienthong/contracts/casework';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { createFileStore, fileStoreMigrations } from '@lienthong/file-store';
import { type Composed, defineService, dueWorker, rpcService, type ServiceContext } from '@lienthong/kit';
import { createResealer } from '@lienthong/outbound';
import { createPress } from '@lienthong/paper';
import {
  callerDirectory,
  certificatesConsumer,
  createReferenceCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { readConfig } from './config.ts';
import { proceduresConsumer } from './consumers/procedures.ts';
import { agenciesWithHoursConsumer, decidedYearsConsumer } from './consumers/reference.ts';
import { statisticsConsumer } from './consumers/statistics.ts';
import { subProceduresConsumer } from './consumers/sub-procedures.ts';
import { openSeals } from './papers/seals.ts';
import { composePayments } from './payments/compose.ts';
import { paymentMetrics } from './payments/metrics.ts';
import { requestPaymentLink } from './payments/rpc/payment-link.ts';
import { listPaymentProblems, settlePaymentProblem } from './payments/rpc/problems.ts';
import { acceptDossier } from './rpc/accept-dossier.ts';
import { assignTask } from './rpc/assign-task.ts';
import { citizenFileDeps, downloadResult, handInFile, listCitizenFiles } from './rpc/citizen-files.ts';
import { claimTask } from './rpc/claim-task.ts';
import { compareVersions } from './rpc/compare-versions.ts';
import { completeTask } from './rpc/complete-task.ts';
import { countOpenWork, countRunningDossiers } from './rpc/count-open-work.ts';
import { countReceived } from './rpc/count-received.ts';
import { countWork } from './rpc/count-work.ts';
import type { Deps } from './rpc/deps.ts';
import { downloadFile, uploadFile } from './rpc/dossier-files.ts';
import { discardDraft, getDraft, listDrafts, saveDraft } from './rpc/drafts.ts';
import { explainDossierDeadline } from './rpc/explain-deadline.ts';
import { extendDeadline } from './rpc/extend-deadline.ts';
import { getDossier } from './rpc/get-dossier.ts';
import { getHistory } from './rpc/get-history.ts';
import { getOpenFigures } from './rpc/get-open-figures.ts';
import { getStatistics } from './rpc/get-statistics.ts';
import { handOverTask } from './rpc/hand-over-task.ts';
import { carryOutImport, discardImport, getImport } from './rpc/imports.ts';
import { listDossiers } from './rpc/list-dossiers.ts';
import { listStrandedWork } from './rpc/list-stranded-work.ts';
import { listWork } from './rpc/list-work.ts';
import { lodgeDossier } from './rpc/lodge-dossier.ts';
import { createTrackingAttempts } from './rpc/receipt.ts';
import { receiveSupplement } from './rpc/receive-supplement.ts';
import { recordPayment } from './rpc/record-payment.ts';
import { refuseDossier } from './rpc/refuse-dossier.ts';
import { renderPaper } from './rpc/render-paper.ts';
import { requestConsultation } from './rpc/request-consultation.ts';
import { requestPayment } from './rpc/request-payment.ts';
import { requestSupplement } from './rpc/request-supplement.ts';
import { resumeDossier } from './rpc/resume-dossier.ts';
import { returnResult } from './rpc/return-result.ts';
import { returnTask } from './rpc/return-task.ts';
import { stageDossiers } from './rpc/stage-dossiers.ts';
import { stopDossier } from './rpc/stop-dossier.ts';
import { trackDossier } from './rpc/track-dossier.ts';
import { transitMany } from './rpc/transit-many.ts';
import { withdrawDossier } from './rpc/withdraw-dossier.ts';
import { caseworkModel } from './store/casework-model.ts';
import { forgetDrafts } from './store/drafts.ts';
import { forgetImports } from './store/imports.ts';
import { createProcedureCache } from './store/procedures.ts';
import { resealApplicants } from './store/reseal.ts';
import { createOpenFiguresReader } from './store/statistics/read-open-figures.ts';
import { createImporting } from './workers/importing.ts';
import { overdueMetrics } from './workers/overdue-metrics.ts';
import { createRecomputing } from './workers/recomputing.ts';
import { createRerouting } from './workers/rerouting.ts';
import { createTimers } from './workers/timers.ts';

const FORGET_MS = 600_000;

/** Each resolves when everything that is due is done, to how many dossiers changed. */
export interface ComposedCasework extends Composed {
  fireDue(): Promise<number>;
  rerouteDue(): Promise<number>;
  recomputeDue(): Promise<number>;
}

export function composeCasework(ctx: ServiceContext): ComposedCasework {
  const { db, clock, log } = ctx;
  const settings = readConfig(ctx.env);
  const { LIENTHONG_SEALING_KEYS: sealer, CASEWORK_RESEAL_CHECK_MS } = settings;
  const { CASEWORK_TIMER_CHECK_MS, CASEWORK_CHANGE_CHECK_MS } = settings;
  const reference = createReferenceCache();
  const procedures = createProcedureCache();
  const events = createEventLog({
    ctx,
    source: 'casework',
  });
  const commands = events.commandBus(caseworkModel(reference, procedures, sealer));
  const press = createPress();
  const seals = openSeals(settings.CASEWORK_SEALS);
  const files = createFileStore({ db, log, env: ctx.env });
  const citizens = citizenFileDeps(settings, clock);
  const payments = composePayments(settings, { db, clock, log, commands }, ctx.tls);
  const parts = { db, clock, log, events, reference, procedures, sealer };
  const importing = createImporting({ ...parts, everyMs: CASEWORK_CHANGE_CHECK_MS });
  const deps: Deps = {
    db,
    reference,
    procedures,
    commands,
    events,
    press,
    seals,
    sealer,
    files,
    citizens,
    payments,
    trackingPage: settings.CASEWORK_TRACKING_URL,
    openFigures: createOpenFiguresReader(db),
    importing,
    attempts: createTrackingAttempts(),
  };

  events.consumer(agenciesWithHoursConsumer(reference.agencies));
  events.consumer(officersConsumer);
  events.consumer(certificatesConsumer);
  events.consumer(decidedYearsConsumer);
  events.consumer(proceduresConsumer);
  events.consumer(statisticsConsumer(reference));
  events.consumer(subProceduresConsumer({ clock, log, reference, procedures, commands, sealer }));

  const timers = createTimers({ ...parts, everyMs: CASEWORK_TIMER_CHECK_MS });
  const rerouting = createRerouting({ ...parts, everyMs: CASEWORK_CHANGE_CHECK_MS });
  const recomputing = createRecomputing({ ...parts, everyMs: CASEWORK_CHANGE_CHECK_MS });

  return {
    directory: callerDirectory(db, reference),
    rpc: [
      rpcService(CaseworkServiceDefinition, deps, [
        lodgeDossier,
        acceptDossier,
        refuseDossier,
        claimTask,
        assignTask,
        completeTask,
        handOverTask,
        returnTask,
        requestConsultation,
        requestSupplement,
        receiveSupplement,
        requestPayment,
        recordPayment,
        withdrawDossier,
        stopDossier,
        resumeDossier,
        extendDeadline,
        returnResult,
        transitMany,
        getDossier,
        getHistory,
        listWork,
        countWork,
        listDossiers,
        explainDossierDeadline,
        renderPaper,
      ]),
      rpcService(DossierImportServiceDefinition, deps, [
        stageDossiers,
        carryOutImport,
        getImport,
        discardImport,
      ]),
      rpcService(DossierFileServiceDefinition, deps, [uploadFile, downloadFile]),
      rpcService(DraftServiceDefinition, deps, [saveDraft, getDraft, listDrafts, discardDraft]),
      rpcService(CitizenFileServiceDefinition, deps, [listCitizenFiles, downloadResult, handInFile]),
      rpcService(CitizenPaymentServiceDefinition, deps, [requestPaymentLink]),
      rpcService(PaymentOperationsServiceDefinition, deps, [listPaymentProblems, settlePaymentProblem]),
      rpcService(WorkOperationsServiceDefinition, deps, [
        listStrandedWork,
        countOpenWork,
        countRunningDossiers,
      ]),
      rpcService(TrackingServiceDefinition, deps, [trackDossier]),
      rpcService(StatisticsServiceDefinition, deps, [
        getStatistics,
        countReceived,
        getOpenFigures,
        compareVersions,
      ]),
    ],
    workers: [
      ...events.workers(),
      press,
      seals,
      files.worker,
      ...(citizens.scanner ? [citizens.scanner] : []),
      ...(payments?.workers ?? []),
      rerouting,
      recomputing,
      timers,
      importing,
      overdueMetrics({ db, clock }),
      dueWorker({
        name: 'expired drafts',
        log,
        everyMs: FORGET_MS,
        work: () => forgetDrafts(db, clock.now()),
      }),
      dueWorker({
        name: 'expired imports',
        log,
        everyMs: FORGET_MS,
        work: () => forgetImports(db, clock.now()),
      }),
      paymentMetrics(db),
      createResealer('applicants', CASEWORK_RESEAL_CHECK_MS, log, () => resealApplicants(db, sealer)),
    ],
    operations: events.operations,
    catchUp: events.catchUp,
    readLog: events.readLog,
    fireDue: timers.runDue,
    rerouteDue: rerouting.runDue,
    recomputeDue: recomputing.runDue,
  };
}

export const casework = defineService({
  name: 'casework',
  migrations: [
    eventLogMigrations,
    fileStoreMigrations,
    { name: 'casework', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose: composeCasework,
});
