import { AgencyDirectoryServiceDefinition, CalendarServiceDefinition } from '@lienthong/contracts/directory';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, type Policy, rpcModule } from '@lienthong/kit';
import { appointOfficer } from './rpc/appoint-officer.ts';
import { decideCalendarYear } from './rpc/decide-calendar-year.ts';
import type { CalendarDesk, Directory } from './rpc/directory.ts';
import { endAgency } from './rpc/end-agency.ts';
import { establishAgency } from './rpc/establish-agency.ts';
import { explainDeadline } from './rpc/explain-deadline.ts';
import { findResponsible } from './rpc/find-responsible.ts';
import { getAgency } from './rpc/get-agency.ts';
import { getCalendarYear } from './rpc/get-calendar-year.ts';
import { getLineage } from './rpc/get-lineage.ts';
import { importAgencies } from './rpc/import-agencies.ts';
import { listChildren } from './rpc/list-children.ts';
import { listOfficers } from './rpc/list-officers.ts';
import { mergeAgencies } from './rpc/merge-agencies.ts';
import { moveAgency } from './rpc/move-agency.ts';
import { relieveOfficer } from './rpc/relieve-officer.ts';
import { renameAgency } from './rpc/rename-agency.ts';
import { reorganise } from './rpc/reorganise.ts';
import { resolveCode } from './rpc/resolve-code.ts';
import { searchAgencies } from './rpc/search-agencies.ts';
import { splitAgency } from './rpc/split-agency.ts';
import { updateAgency } from './rpc/update-agency.ts';
import { calendarModel } from './store/calendar-model.ts';
import { directoryModel } from './store/directory-model.ts';

const admin: Policy = { anyOf: ['admin'] };
/** A leader acts for their own agency only: the domain sees to it. */
const officers: Policy = { anyOf: ['admin', 'leader'] };
const everyone: Policy = 'authenticated';

export const agencyDirectory = defineService({
  name: 'agency-directory',
  migrations: [
    eventLogMigrations,
    { name: 'agency-directory', folder: new URL('../migrations/', import.meta.url) },
  ],
  compose(ctx) {
    const log = createEventLog({ ctx, source: 'directory' });
    const directory: Directory = { db: ctx.db, clock: ctx.clock, commands: log.commandBus(directoryModel()) };
    const rpc = rpcModule(
      AgencyDirectoryServiceDefinition,
      {
        establishAgency: establishAgency(directory),
        renameAgency: renameAgency(directory),
        moveAgency: moveAgency(directory),
        updateAgency: updateAgency(directory),
        mergeAgencies: mergeAgencies(directory),
        splitAgency: splitAgency(directory),
        endAgency: endAgency(directory),
        reorganise: reorganise(directory),
        importAgencies: importAgencies(directory),
        appointOfficer: appointOfficer(directory),
        relieveOfficer: relieveOfficer(directory),
        listOfficers: listOfficers(directory),
        getAgency: getAgency(directory),
        resolveCode: resolveCode(directory),
        getLineage: getLineage(directory),
        listChildren: listChildren(directory),
        findResponsible: findResponsible(directory),
        searchAgencies: searchAgencies(directory),
      },
      {
        establishAgency: admin,
        renameAgency: admin,
        moveAgency: admin,
        updateAgency: admin,
        mergeAgencies: admin,
        splitAgency: admin,
        endAgency: admin,
        reorganise: admin,
        importAgencies: admin,
        appointOfficer: officers,
        relieveOfficer: officers,
        listOfficers: everyone,
        getAgency: everyone,
        resolveCode: everyone,
        getLineage: everyone,
        listChildren: everyone,
        findResponsible: everyone,
        searchAgencies: everyone,
      },
    );
    const desk: CalendarDesk = { db: ctx.db, decisions: log.commandBus(calendarModel) };
    const calendar = rpcModule(
      CalendarServiceDefinition,
      {
        decideCalendarYear: decideCalendarYear(desk),
        getCalendarYear: getCalendarYear(desk),
        explainDeadline: explainDeadline(desk),
      },
      { decideCalendarYear: admin, getCalendarYear: 'public', explainDeadline: everyone },
    );
    return { rpc: [rpc, calendar], workers: log.workers(), operations: log.operations };
  },
});
