import type { Refusal } from '@lienthong/kit';
import { refusalOfCaller } from '@lienthong/reference-data';
import type { State } from './state.ts';

/** Who commands: an administrator for every agency, a leader for the officers of their own. */
export interface Authority {
  admin: boolean;
  agencyId: string;
  officerId: string;
  /** The date of the command in Vietnam. */
  today: string;
}

/** Refusals: those of `refusalOfCaller`. */
export const refusalOf = (authority: Authority, { register, officers }: State): Refusal | undefined =>
  refusalOfCaller(
    { agencies: register, officers: { get: (id) => officers.get(id)?.officer } },
    authority,
    authority.today,
  );

export const mayActFor = (authority: Authority, agencyId: string): boolean =>
  authority.admin || authority.agencyId === agencyId;
