import { type Agency, Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { refuse, vietnamDate } from '@lienthong/kit';
import { ancestorAtTier, currentHolder, performerAt, tierAt, upwards } from '@lienthong/reference-data';
import { performerKey, tierName } from '@lienthong/workflow';
import type { Draft } from '../decision/draft.ts';

export interface ResolvedPerformer {
  agency: Agency;
  /** The function by which the agency was found; '' for another relation. */
  byFunction: string;
}

/** The agency that a relation means today. Refuses: PERFORMER_UNKNOWN, with the block. */
export function performerOf(draft: Draft, who: Performer | undefined, block: string): ResolvedPerformer {
  const agency = find(draft, who);
  const byFunction = functionOf(who);
  if (agency) return { agency, byFunction };
  return refuse({
    kind: 'failed-precondition',
    reason: 'PERFORMER_UNKNOWN',
    message: `no agency performs block ${block} on ${draft.today}: the directory has no agency for ${describe(who)}; have the directory corrected, then try again`,
    metadata: { block, performer: performerKey(who) },
  });
}

/** The function by which a relation finds an agency; '' for another relation. */
export function functionOf(who: Performer | undefined): string {
  const performer = who?.performer;
  return performer?.$case === 'function' || performer?.$case === 'competentFunction' ? performer.value : '';
}

function find(draft: Draft, who: Performer | undefined): Agency | undefined {
  const { world, dossier, today } = draft;
  const of = { intakeId: dossier.intake.agencyId, competentId: dossier.competent.agencyId };
  const agency = performerAt(world.agencies, who, of, today);
  if (agency) return agency;
  switch (who?.performer?.$case) {
    case 'ancestor':
      return replacementOf(draft, who.performer.value, of.intakeId, dossier.lodgedWith);
    case 'competentAncestor':
      return replacementOf(draft, who.performer.value, of.competentId, dossier.lodgedFor);
    default:
      return undefined;
  }
}

/**
 * A tier may be abolished while a dossier is under way, as the districts were. The work then goes to the successor of
 * the agency that had it at lodging, else to the next tier up.
 * @param originId the agency below the tier
 * @param originAtLodging that agency at lodging
 */
function replacementOf(
  { world, dossier, today }: Draft,
  tier: Tier,
  originId: string,
  originAtLodging: string,
): Agency | undefined {
  const { agencies } = world;
  const lodgedOn = vietnamDate(new Date(dossier.lodgedAt));
  const was = ancestorAtTier(agencies, originAtLodging, tier, lodgedOn);
  if (was === undefined) return undefined;
  const successor = currentHolder(agencies, was.id, today);
  const origin = currentHolder(agencies, originId, today);
  if (successor || !origin) return successor;
  return upwards(agencies, origin.id, today).find((one) => isAbove(tierAt(one, today), tier));
}

/** Tiers are numbered from the top. */
const isAbove = (tier: Tier, other: Tier): boolean => tier !== Tier.UNSPECIFIED && tier < other;

function describe(who: Performer | undefined): string {
  const performer = who?.performer;
  switch (performer?.$case) {
    case 'intake':
      return 'the intake agency or its successor';
    case 'ancestor':
      return `the ${tierName(performer.value) || 'tier'} above the intake agency`;
    case 'function':
      return `the function "${performer.value}" of the intake agency`;
    case 'competent':
      return 'the competent agency or its successor';
    case 'competentAncestor':
      return `the ${tierName(performer.value) || 'tier'} above the competent agency`;
    case 'competentFunction':
      return `the function "${performer.value}" of the competent agency`;
    case 'agencyId':
      return `the agency ${performer.value} or its successor`;
    default:
      return 'an empty performer';
  }
}
