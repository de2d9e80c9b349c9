import { TraceServiceDefinition } from '@lienthong/contracts/traces';
import { type Database, methodsWith, type Policy } from '@lienthong/kit';

/** What the handlers depend on. */
export interface Deps {
  db: Database;
}

export const { methods: Traces } = TraceServiceDefinition;
export const { query, list } = methodsWith<Deps>();

/** A trace joins the work of many agencies. */
export const OPERATORS: Policy = { anyOf: ['admin'] };
