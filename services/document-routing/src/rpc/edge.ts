import type { CommandBus } from '@lienthong/eventlog';
import type { Database } from '@lienthong/kit';
import { type CallInfo, type Clock, isUuid, type Policy, refuse, vietnamDate } from '@lienthong/kit';
import { z } from 'zod';
import type { Command, Decided } from '../domain/command.ts';
import type { AgencyCache } from '../store/agency-cache.ts';

/** What the handlers stand on. */
export interface Edge {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  commands: CommandBus<Command, Decided['reply']>;
}

/** Who may work with documents; whose they are is each method's own business. */
export const WORKS_WITH_DOCUMENTS: Policy = { anyOf: ['clerk', 'officer', 'leader', 'system'] };

/** The agency of the caller's token. */
export function callerOf(info: CallInfo): string {
  const { agencyId } = info.principal;
  if (isUuid(agencyId)) return agencyId;
  return refuse({
    kind: 'permission-denied',
    reason: 'AGENCY_REQUIRED',
    message: 'this call needs a token of an agency',
  });
}

/** The instant of a call and its date in Vietnam. */
export function instant(clock: Clock): { now: Date; today: string } {
  const now = clock.now();
  return { now, today: vietnamDate(now) };
}

/** A known number of a protobuf enum; UNSPECIFIED becomes `otherwise`, or is refused when there is none. */
export function enumField<E extends Record<string, number>>(values: E, otherwise?: E[keyof E]) {
  const known = new Set(Object.values(values));
  return z
    .number()
    .superRefine((value, context) => {
      if (!known.has(value) || (value === 0 && otherwise === undefined))
        context.addIssue({
          code: 'custom',
          message: 'is not a value of this enum',
          params: { reason: 'ENUM_INVALID' },
        });
    })
    .transform((value) => (value === 0 ? otherwise : value) as Exclude<E[keyof E], 0>);
}

export const manyOf = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item).superRefine((items, context) => {
    if (items.length > max)
      context.addIssue({
        code: 'custom',
        message: `must be at most ${max}; there are ${items.length}`,
        params: { reason: 'TOO_MANY' },
      });
  });
