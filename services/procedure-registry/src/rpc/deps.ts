import { ProcedureRegistryServiceDefinition } from '@lienthong/contracts/registry';
import { type CommandBus, commandWith } from '@lienthong/eventlog';
import { type Caller, type Database, methodsWith, type Policy } from '@lienthong/kit';
import type { AgencyCache, CalendarCache } from '@lienthong/reference-data';
import type { Command } from '../domain/command.ts';
import type { Pools } from '../threads/pools.ts';

/** What the handlers work with. */
export interface Deps {
  db: Database;
  agencies: AgencyCache;
  calendars: CalendarCache;
  commands: CommandBus<Command, unknown>;
  pools: Pools;
}

/** The register of procedures is the platform administrator's. */
export const EDITORS: Policy = { anyOf: ['admin'] };

export const writesProcedures = ({ roles }: Caller): boolean => roles.includes('admin');

export const { methods: Registry } = ProcedureRegistryServiceDefinition;
export const { query, list } = methodsWith<Deps>();
export const command = commandWith<Deps>();
