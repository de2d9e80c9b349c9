import type { CommandModel } from '@lienthong/eventlog';
import { vietnamDate } from '@lienthong/kit';
import { refusalOfCaller } from '@lienthong/reference-data';
import { type Command, decide } from '../domain/command.ts';
import type { VersionChange } from '../domain/events.ts';
import { evolve, type RegistryState } from '../domain/state.ts';
import { loadState, type Reference } from './load.ts';
import { project } from './project.ts';

export const registryModel = (
  reference: Reference,
): CommandModel<Command, RegistryState, unknown, readonly VersionChange[]> => ({
  load: (tx, commands) => loadState(tx, reference, commands),
  refuseCaller: (caller, _, now) => refusalOfCaller(reference, caller, vietnamDate(now)),
  decide,
  evolve,
  project,
});
