import type { CommandModel } from '@lienthong/eventlog';
import type { AgencyCache } from '@lienthong/reference-data';
import { type Command, decide } from '../domain/command.ts';
import type { RegistryEvent } from '../domain/events.ts';
import { evolve, type RegistryState } from '../domain/state.ts';
import { loadState } from './load.ts';
import { project } from './project.ts';

export const registryModel = (agencies: AgencyCache): CommandModel<Command, RegistryState, unknown> => ({
  load: (tx, commands) => loadState(tx, agencies, commands),
  decide(command, state) {
    const decided = decide(command, state);
    return decided.ok ? { ok: true, ...decided.value } : decided;
  },
  evolve: (state, event) => evolve(state, event as RegistryEvent),
  project,
});
