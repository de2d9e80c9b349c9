/** Which agency solves the matter of a new dossier. */
import type { Agency, Tier } from '@lienthong/contracts/directory';
import type { Definition } from '@lienthong/contracts/registry';
import { refuse, vietnamDate } from '@lienthong/kit';
import { competentFor, currentHolder, holdsAt, nameAt, tierAt } from '@lienthong/reference-data';
import { tierName } from '@lienthong/workflow';
import type { Lodge } from '../decision/command.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { rulesFor } from '../law/rules.ts';
import { functionOf, type ResolvedPerformer } from '../work/performers.ts';
import { agencyNamed, type Place, refuseField } from './named-agency.ts';

interface Matter extends Place {
  definition: Definition;
}

/**
 * The agency that the caller names, or that the procedure's executing agency means for the territory that the caller
 * names, else for the intake agency's own. Refuses, by field where the caller names one: AGENCY_UNKNOWN, AGENCY_ENDED,
 * COMPETENT_WITHOUT_FUNCTION, NOT_COMPETENT, COMPETENT_UNKNOWN, OTHER_PROVINCE, WRONG_TIER.
 */
export function findCompetent(
  command: Lodge,
  definition: Definition,
  intake: Agency,
  world: World,
): ResolvedPerformer {
  const { competentAgencyId, territoryAgencyId, parentDossierId, now } = command;
  const today = vietnamDate(new Date(now));
  const matter = { definition, intake, world, today };
  const { executingAgency } = definition;
  const byFunction = functionOf(executingAgency);
  if (parentDossierId !== '') {
    // The platform lodges it where the parent's workflow says; nobody could name another agency.
    const found = competentFor(world.agencies, executingAgency, intake.id, today);
    return found ? { agency: found, byFunction } : { agency: intake, byFunction: '' };
  }
  if (!rulesFor(today, today).intake.anywhere) mustTakeIn(matter);
  const agency =
    competentAgencyId === ''
      ? competentOf(matter, territoryAgencyId)
      : namedCompetent(matter, competentAgencyId);
  return { agency, byFunction };
}

function competentOf(matter: Matter, territoryAgencyId: string): Agency {
  const { definition, intake, world, today } = matter;
  const field = 'territory_agency_id';
  const territory = territoryAgencyId === '' ? intake : agencyNamed(matter, territoryAgencyId, field);
  const agency =
    competentFor(world.agencies, definition.executingAgency, territory.id, today) ??
    refuseField(
      field,
      'COMPETENT_UNKNOWN',
      `on ${today} the directory has no agency that is competent for this procedure in the territory of ${nameAt(territory, today)}; name another territory, or the competent agency`,
    );
  if (isTerritorysOwn(definition)) mustBeOfTier(matter, agency, territoryAgencyId === '' ? '' : field);
  return agency;
}

function namedCompetent(matter: Matter, agencyId: string): Agency {
  const { definition, world, today } = matter;
  const field = 'competent_agency_id';
  const agency = agencyNamed(matter, agencyId, field);
  const executing = definition.executingAgency?.performer;
  switch (executing?.$case) {
    case 'function':
      if (!holdsAt(agency, executing.value, today))
        refuseField(
          field,
          'COMPETENT_WITHOUT_FUNCTION',
          `does not hold the function "${executing.value}" of this procedure on ${today}; name an agency that does, or the territory of the matter`,
        );
      break;
    case 'agencyId':
      if (currentHolder(world.agencies, executing.value, today)?.id !== agency.id)
        refuseField(field, 'NOT_COMPETENT', 'is not the agency that executes this procedure; leave it empty');
      break;
    case 'ancestor':
      mustBeOfTier(matter, agency, field, [executing.value]);
      break;
    default:
      mustBeOfTier(matter, agency, field);
  }
  return agency;
}

const isTerritorysOwn = ({ executingAgency }: Definition): boolean =>
  executingAgency?.performer === undefined || executingAgency.performer.$case === 'intake';

/** Before Decree 118/2025 only agencies of the procedure's tiers take it in. */
function mustTakeIn({ definition, intake, today }: Matter): void {
  const tier = tierAt(intake, today);
  const { tiers } = definition;
  if (tiers.includes(tier)) return;
  const message = `agencies of tier ${tierName(tier)} do not take this procedure in; those of ${tiers.map(tierName).join(', ')} do`;
  refuse(precondition('WRONG_TIER', message));
}

/** @param field '' when the caller named no agency */
function mustBeOfTier(
  { definition, today }: Matter,
  agency: Agency,
  field: string,
  tiers: readonly Tier[] = definition.tiers,
): void {
  const tier = tierAt(agency, today);
  if (tiers.includes(tier)) return;
  const competent = tiers.map(tierName).join(', ');
  if (field !== '')
    refuseField(
      field,
      'WRONG_TIER',
      `is of tier ${tierName(tier)}; this procedure is solved by ${competent}`,
    );
  const message = `agencies of tier ${tierName(tier)} do not solve this procedure, those of ${competent} do; name the territory of the matter or the competent agency`;
  refuse(precondition('WRONG_TIER', message));
}
