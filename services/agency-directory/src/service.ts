import {
  AgencyDirectoryServiceDefinition,
  CalendarServiceDefinition,
  CertificateServiceDefinition,
} from '@lienthong/contracts/directory';
import { type CommandBus, createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { type CallerDirectory, defineService, rpcService } from '@lienthong/kit';
import { callerDirectory, createAgencyCache, createOfficerCache } from '@lienthong/reference-data';
import { appointOfficer } from './rpc/appoint-officer.ts';
import { appointOfficers } from './rpc/appoint-officers.ts';
import { listCertificates, revokeCertificate } from './rpc/certificates.ts';
import { decideCalendarYear } from './rpc/decide-calendar-year.ts';
import type { CalendarDeps, CertificateDeps, Deps } from './rpc/deps.ts';
import { endAgency } from './rpc/end-agency.ts';
import { establishAgency } from './rpc/establish-agency.ts';
import { explainDeadline } from './rpc/explain-deadline.ts';
import { findResponsible } from './rpc/find-responsible.ts';
import { getAgency } from './rpc/get-agency.ts';
import { getCalendarYear } from './rpc/get-calendar-year.ts';
import { getCaller } from './rpc/get-caller.ts';
import { getLineage } from './rpc/get-lineage.ts';
import { importAgencies } from './rpc/import-agencies.ts';
import { listChildren } from './rpc/list-children.ts';
import { listOfficers } from './rpc/list-officers.ts';
import { mergeAgencies } from './rpc/merge-agencies.ts';
import { moveAgency } from './rpc/move-agency.ts';
import { registerCertificate } from './rpc/register-certificate.ts';
import { relieveOfficer } from './rpc/relieve-officer.ts';
import { renameAgency } from './rpc/rename-agency.ts';
import { reorganise } from './rpc/reorganise.ts';
import { resolveCode } from './rpc/resolve-code.ts';
import { searchAgencies } from './rpc/search-agencies.ts';
import { splitAgency } from './rpc/split-agency.ts';
import { updateAgency } from './rpc/update-agency.ts';
import { calendarModel } from './store/calendar-model.ts';
import { certificateModel } from './store/certificates.ts';
import { directoryModel } from './store/directory-model.ts';
import { expiryMetrics } from './workers/expiry-metrics.ts';

export const agencyDirectory = defineService({
  name: 'agency-directory',
  migrations: [
    eventLogMigrations,
    { name: 'agency-directory', folder: new URL('../migrations/', import.meta.url) },
  ],
  compose(ctx) {
    const log = createEventLog({ ctx, source: 'directory' });
    const directory = callerDirectory(ctx.db, {
      agencies: createAgencyCache('changed'),
      officers: createOfficerCache('changed'),
    });
    const deps: Deps = { db: ctx.db, commands: inForce(log.commandBus(directoryModel()), directory) };
    const calendarDeps: CalendarDeps = { db: ctx.db, commands: log.commandBus(calendarModel()) };
    const certificateDeps: CertificateDeps = {
      db: ctx.db,
      commands: inForce(log.commandBus(certificateModel()), directory),
    };
    return {
      directory,
      rpc: [
        rpcService(AgencyDirectoryServiceDefinition, deps, [
          establishAgency,
          renameAgency,
          moveAgency,
          updateAgency,
          mergeAgencies,
          splitAgency,
          endAgency,
          reorganise,
          importAgencies,
          appointOfficer,
          appointOfficers,
          relieveOfficer,
          listOfficers,
          getCaller,
          getAgency,
          resolveCode,
          getLineage,
          listChildren,
          findResponsible,
          searchAgencies,
        ]),
        rpcService(CalendarServiceDefinition, calendarDeps, [
          decideCalendarYear,
          getCalendarYear,
          explainDeadline,
        ]),
        rpcService(CertificateServiceDefinition, certificateDeps, [
          registerCertificate,
          revokeCertificate,
          listCertificates,
        ]),
      ],
      workers: [...log.workers(), expiryMetrics(ctx.db, ctx.clock, ctx.log)],
      operations: log.operations,
      catchUp: log.catchUp,
    };
  },
});

/** A change holds for the callers of this process once its own call returns. */
const inForce = <C, R>(bus: CommandBus<C, R>, directory: CallerDirectory): CommandBus<C, R> => ({
  ...bus,
  async execute(call) {
    const reply = await bus.execute(call);
    await directory.refresh();
    return reply;
  },
});
