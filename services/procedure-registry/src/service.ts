import { ProcedureRegistryServiceDefinition } from '@lienthong/contracts/registry';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, rpcService } from '@lienthong/kit';
import {
  agenciesConsumer,
  calendarYearsConsumer,
  callerDirectory,
  certificatesConsumer,
  createAgencyCache,
  createCalendarCache,
  createOfficerCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { checkDefinition } from './rpc/check-definition.ts';
import { checkDefinitionText } from './rpc/check-definition-text.ts';
import type { Deps } from './rpc/deps.ts';
import { discardDraft } from './rpc/discard-draft.ts';
import { draftProcedure } from './rpc/draft-procedure.ts';
import { drawWorkflow } from './rpc/draw-workflow.ts';
import { exportProcedures } from './rpc/export-procedures.ts';
import { getDefinitionSchema } from './rpc/get-definition-schema.ts';
import { getProcedure } from './rpc/get-procedure.ts';
import { importProcedure } from './rpc/import-procedure.ts';
import { importProcedures } from './rpc/import-procedures.ts';
import { listDrafts } from './rpc/list-drafts.ts';
import { listVersions } from './rpc/list-versions.ts';
import { publishProcedure } from './rpc/publish-procedure.ts';
import { repealProcedure } from './rpc/repeal-procedure.ts';
import { reviseProcedure } from './rpc/revise-procedure.ts';
import { searchProcedures } from './rpc/search-procedures.ts';
import { simulateProcedure } from './rpc/simulate-procedure.ts';
import { resumeProcedure, suspendProcedure } from './rpc/suspend-procedure.ts';
import { validateProcedure } from './rpc/validate-procedure.ts';
import { registryModel } from './store/registry-model.ts';
import { createPools } from './threads/pools.ts';

export const procedureRegistry = defineService({
  name: 'procedure-registry',
  migrations: [
    eventLogMigrations,
    { name: 'procedure-registry', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose(ctx) {
    const agencies = createAgencyCache();
    const officers = createOfficerCache();
    const calendars = createCalendarCache(agencies);
    const events = createEventLog({
      ctx,
      source: 'registry',
    });
    const pools = createPools();
    const deps: Deps = {
      db: ctx.db,
      agencies,
      calendars,
      commands: events.commandBus(registryModel(agencies)),
      pools,
    };
    events.consumer(agenciesConsumer);
    events.consumer(officersConsumer);
    events.consumer(certificatesConsumer);
    events.consumer(calendarYearsConsumer);
    const rpc = rpcService(ProcedureRegistryServiceDefinition, deps, [
      draftProcedure,
      reviseProcedure,
      discardDraft,
      validateProcedure,
      publishProcedure,
      repealProcedure,
      suspendProcedure,
      resumeProcedure,
      checkDefinition,
      checkDefinitionText,
      simulateProcedure,
      drawWorkflow,
      getProcedure,
      listVersions,
      listDrafts,
      searchProcedures,
      exportProcedures,
      importProcedures,
      importProcedure,
      getDefinitionSchema,
    ]);
    return {
      directory: callerDirectory(ctx.db, { agencies, officers }),
      rpc: [rpc],
      workers: [...events.workers(), ...Object.values(pools)],
      operations: events.operations,
      catchUp: events.catchUp,
    };
  },
});
