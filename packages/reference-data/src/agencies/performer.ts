import type { Agency } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { ancestorAtTier, chainUp, responsibleFor } from './chain.ts';
import type { AgencyRegister } from './register.ts';
import { currentHolder } from './succession.ts';

/** The agencies of a dossier that relations start from. */
export interface DossierAgencies {
  intakeId: string;
  /** Who solves the matter. */
  competentId: string;
}

type Who = NonNullable<Performer['performer']>;

/** True for a relation to the competent agency. */
export const isOfCompetent = ({ $case }: Who): boolean =>
  $case === 'competent' || $case === 'competentAncestor' || $case === 'competentFunction';

/**
 * The agency that a relation of a workflow means at a date, for a dossier of these agencies (or, once one has ended, its
 * successor). Undefined when there is none.
 */
export function performerAt(
  register: AgencyRegister,
  performer: Performer | undefined,
  { intakeId, competentId }: DossierAgencies,
  date: string,
): Agency | undefined {
  const who = performer?.performer;
  if (who === undefined) return undefined;
  if (who.$case === 'agencyId') return currentHolder(register, who.value, date);
  const origin = currentHolder(register, isOfCompetent(who) ? competentId : intakeId, date);
  if (origin === undefined) return undefined;
  switch (who.$case) {
    case 'intake':
    case 'competent':
      return origin;
    case 'ancestor':
    case 'competentAncestor':
      return ancestorAtTier(register, origin.id, who.value, date);
    case 'function':
    case 'competentFunction':
      return responsibleFor(register, who.value, origin.id, date);
  }
}

/**
 * Who is competent for a matter of a territory, by a procedure's executing agency; the territory's own agency when the
 * procedure names none. Undefined when there is none.
 */
export const competentFor = (
  register: AgencyRegister,
  executingAgency: Performer | undefined,
  territoryAgencyId: string,
  date: string,
): Agency | undefined =>
  executingAgency === undefined
    ? currentHolder(register, territoryAgencyId, date)
    : performerAt(register, executingAgency, { intakeId: territoryAgencyId, competentId: '' }, date);

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
