import type { CommandModel } from '@lienthong/eventlog';
import type { AgencyCache } from '@lienthong/reference-data';
import { type Command, decide } from '../domain/command.ts';
import type { VersionChange } from '../domain/events.ts';
import { evolve, type RegistryState } from '../domain/state.ts';
import { loadState } from './load.ts';
import { project } from './project.ts';

export const registryModel = (
  agencies: AgencyCache,
): CommandModel<Command, RegistryState, unknown, readonly VersionChange[]> => ({
  load: (tx, commands) => loadState(tx, agencies, commands),
  decide,
  evolve,
  project,
});
