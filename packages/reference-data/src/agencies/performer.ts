import type { Agency } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { ancestorAtTier, chainUp, responsibleFor } from './chain.ts';
import type { AgencyRegister } from './register.ts';
import { currentHolder } from './succession.ts';

/**
 * The agency that a relation of a workflow means at a date, for a dossier handed in at the intake agency (or, once that
 * has ended, with its successor). Undefined when there is none.
 */
export function performerAt(
  register: AgencyRegister,
  performer: Performer | undefined,
  intakeAgencyId: string,
  date: string,
): Agency | undefined {
  const who = performer?.performer;
  if (who?.$case === 'agencyId') return currentHolder(register, who.value, date);
  const intake = currentHolder(register, intakeAgencyId, date);
  if (intake === undefined) return undefined;
  switch (who?.$case) {
    case 'intake':
      return intake;
    case 'ancestor':
      return ancestorAtTier(register, intake.id, who.value, date);
    case 'function':
      return responsibleFor(register, who.value, intake.id, date);
    case undefined:
      return undefined;
  }
}

/**
 * The agencies that receive what is handed over from one to another, in order and ending with the other: one after the
 * other through the tiers between them when one is above the other, else directly. None when they are the same.
 */
export function receiversBetween(
  register: AgencyRegister,
  fromId: string,
  toId: string,
  date: string,
): readonly string[] {
  const up = chainUp(register, fromId, toId, date);
  const way = up ?? chainUp(register, toId, fromId, date)?.toReversed();
  return way ? way.slice(1).map(({ id }) => id) : [toId];
}
