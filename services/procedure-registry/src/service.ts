import { ProcedureRegistryServiceDefinition } from '@lienthong/contracts/registry';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, type Policy, rpcModule } from '@lienthong/kit';
import {
  agenciesConsumer,
  calendarYearsConsumer,
  createAgencyCache,
  createCalendarCache,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { readConfig } from './config.ts';
import { checkDefinition } from './rpc/check-definition.ts';
import { discardDraft } from './rpc/discard-draft.ts';
import { draftProcedure } from './rpc/draft-procedure.ts';
import { drawWorkflow } from './rpc/draw-workflow.ts';
import { EDITORS, type Edge } from './rpc/edge.ts';
import { exportProcedures } from './rpc/export-procedures.ts';
import { getDefinitionSchema } from './rpc/get-definition-schema.ts';
import { getProcedure } from './rpc/get-procedure.ts';
import { importProcedures } from './rpc/import-procedures.ts';
import { listVersions } from './rpc/list-versions.ts';
import { publishProcedure } from './rpc/publish-procedure.ts';
import { repealProcedure } from './rpc/repeal-procedure.ts';
import { reviseProcedure } from './rpc/revise-procedure.ts';
import { searchProcedures } from './rpc/search-procedures.ts';
import { simulateProcedure } from './rpc/simulate-procedure.ts';
import { validateProcedure } from './rpc/validate-procedure.ts';
import { registryModel } from './store/registry-model.ts';

/** Who may have definitions worked on that nobody keeps. */
const STAFF: Policy = 'authenticated';

export const procedureRegistry = defineService({
  name: 'procedure-registry',
  migrations: [
    eventLogMigrations,
    { name: 'procedure-registry', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose(ctx) {
    const { db, clock } = ctx;
    const settings = readConfig(ctx.env);
    const agencies = createAgencyCache();
    const calendars = createCalendarCache(agencies);
    const events = createEventLog({ ctx, source: 'registry' });
    const edge: Edge = { db, clock, agencies, commands: events.commandBus(registryModel(agencies)) };
    events.consumer(agenciesConsumer);
    events.consumer(calendarYearsConsumer);
    const rpc = rpcModule(
      ProcedureRegistryServiceDefinition,
      {
        draftProcedure: draftProcedure(edge),
        reviseProcedure: reviseProcedure(edge),
        discardDraft: discardDraft(edge),
        validateProcedure: validateProcedure(edge),
        publishProcedure: publishProcedure(edge),
        repealProcedure: repealProcedure(edge),
        checkDefinition: checkDefinition(edge),
        simulateProcedure: simulateProcedure(edge, calendars, settings.REGISTRY_SIMULATIONS),
        drawWorkflow: drawWorkflow(edge),
        getProcedure: getProcedure(edge),
        listVersions: listVersions(edge),
        searchProcedures: searchProcedures(edge),
        exportProcedures: exportProcedures(edge),
        importProcedures: importProcedures(edge),
        getDefinitionSchema: getDefinitionSchema(),
      },
      {
        draftProcedure: EDITORS,
        reviseProcedure: EDITORS,
        discardDraft: EDITORS,
        validateProcedure: EDITORS,
        publishProcedure: EDITORS,
        repealProcedure: EDITORS,
        importProcedures: EDITORS,
        checkDefinition: STAFF,
        simulateProcedure: STAFF,
        drawWorkflow: 'public',
        getProcedure: 'public',
        listVersions: 'public',
        searchProcedures: 'public',
        exportProcedures: 'public',
        getDefinitionSchema: 'public',
      },
    );
    return { rpc: [rpc], workers: events.workers(), operations: events.operations };
  },
});
