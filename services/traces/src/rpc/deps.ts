import { TraceServiceDefinition } from '@lienthong/contracts/traces';
import { methodsWith, type Policy } from '@lienthong/kit';
import type { TraceSource } from '../domain/source.ts';

/** What the handlers depend on. */
export interface Deps {
  source: TraceSource;
}

export const { methods: Traces } = TraceServiceDefinition;
export const { query, list } = methodsWith<Deps>();

/** A trace joins the work of many agencies. */
export const OPERATORS: Policy = { anyOf: ['admin'] };
