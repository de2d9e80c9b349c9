import type { CommandBus } from '@lienthong/eventlog';
import { type CallInfo, type Clock, callerOf, type Database, type Policy } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Caller, Command, Reply } from '../domain/decision/command.ts';
import type { ProcedureCache } from '../store/procedures.ts';

/** What the handlers stand on. */
export interface Edge {
  db: Database;
  clock: Clock;
  reference: ReferenceCache;
  procedures: ProcedureCache;
  commands: CommandBus<Command, Reply>;
}

/** Who may work with dossiers; which ones, and what with them, is each method's own business. */
export const WORKS_WITH_DOSSIERS: Policy = { anyOf: ['clerk', 'officer', 'leader', 'system'] };

/** Who asks and when; refuses a token of no agency. */
export function asked({ clock }: Pick<Edge, 'clock'>, info: CallInfo): { caller: Caller; now: number } {
  const agencyId = callerOf(info);
  const { officerId, roles } = info.principal;
  return { caller: { agencyId, officerId, roles }, now: clock.now().getTime() };
}
