import type { CommandModel } from '@lienthong/eventlog';
import type { AgencyCache } from '@lienthong/reference-data';
import { type Command, type Decided, decide } from '../domain/command.ts';
import type { RoutingEvent } from '../domain/events.ts';
import { evolve, type RoutingState } from '../domain/state.ts';
import { loadState } from './load.ts';
import { project } from './project.ts';

/** One model for all commands, so that they share transactions. */
export const routingModel = (
  agencies: AgencyCache,
): CommandModel<Command, RoutingState, Decided['reply']> => ({
  load: (tx, commands) => loadState(tx, agencies, commands),
  decide(command, state) {
    const decided = decide(command, state);
    return decided.ok ? { ok: true, ...decided.value } : decided;
  },
  story(command, { deliveries }) {
    if (command.kind === 'recall') return { document: command.documentId };
    if (command.kind === 'report') return { document: deliveries.get(command.deliveryId)?.documentId };
    return {};
  },
  evolve: (state, event) => evolve(state, event as RoutingEvent),
  project,
});
