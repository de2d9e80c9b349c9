import type { CommandModel } from '@lienthong/eventlog';
import type { AgencyCache } from '@lienthong/reference-data';
import type { RoutingChange } from '../domain/change.ts';
import { type Command, decide, type Reply } from '../domain/command.ts';
import { evolve, type RoutingState } from '../domain/state.ts';
import { loadState } from './load.ts';
import { project } from './project.ts';

/** One model for all commands, so that they share transactions. */
export const routingModel = (
  agencies: AgencyCache,
): CommandModel<Command, RoutingState, Reply, RoutingChange> => ({
  load: (tx, commands) => loadState(tx, agencies, commands),
  decide,
  story(command, { deliveries }) {
    if (command.kind === 'recall') return { document: command.documentId };
    if (command.kind === 'report') return { document: deliveries.get(command.deliveryId)?.documentId };
    return {};
  },
  evolve,
  project,
});
