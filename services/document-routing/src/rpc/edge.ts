import type { CommandBus } from '@lienthong/eventlog';
import type { Clock, Database, Policy } from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import type { Command, Decided } from '../domain/command.ts';

/** What the handlers stand on. */
export interface Edge {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  commands: CommandBus<Command, Decided['reply']>;
}

/** Who may work with documents; whose they are is each method's own business. */
export const WORKS_WITH_DOCUMENTS: Policy = { anyOf: ['clerk', 'officer', 'leader', 'system'] };
