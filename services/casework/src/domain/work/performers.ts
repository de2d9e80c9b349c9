import { type Agency, Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { refuse, unreachable, vietnamDate } from '@lienthong/kit';
import { ancestorAtTier, currentHolder, responsibleFor, tierAt, upwards } from '@lienthong/reference-data';
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
  const byFunction = who?.performer?.$case === 'function' ? who.performer.value : '';
  if (agency) return { agency, byFunction };
  return refuse({
    kind: 'failed-precondition',
    reason: 'PERFORMER_UNKNOWN',
    message: `no agency performs block ${block} on ${draft.today}: the directory has no agency for ${describe(who)}; have the directory corrected, then try again`,
    metadata: { block, performer: performerKey(who) },
  });
}

function find(draft: Draft, who: Performer | undefined): Agency | undefined {
  const { world, dossier, today } = draft;
  const { agencies } = world;
  const performer = who?.performer;
  if (performer === undefined) return undefined;
  if (performer.$case === 'agencyId') return currentHolder(agencies, performer.value, today);
  const intake = currentHolder(agencies, dossier.intake.agencyId, today);
  switch (performer.$case) {
    case 'intake':
      return intake;
    case 'function':
      return intake && responsibleFor(agencies, performer.value, intake.id, today);
    case 'ancestor':
      return (
        (intake && ancestorAtTier(agencies, intake.id, performer.value, today)) ??
        replacementOf(draft, performer.value, intake)
      );
    default:
      return unreachable(performer);
  }
}

/**
 * A tier may be abolished while a dossier is under way, as the districts were. The work then goes to the successor of
 * the agency that had it at lodging, else to the next tier up.
 */
function replacementOf(
  { world, dossier, today }: Draft,
  tier: Tier,
  intake: Agency | undefined,
): Agency | undefined {
  const { agencies } = world;
  const lodgedOn = vietnamDate(new Date(dossier.lodgedAt));
  const was = ancestorAtTier(agencies, dossier.lodgedWith, tier, lodgedOn);
  if (was === undefined) return undefined;
  const successor = currentHolder(agencies, was.id, today);
  if (successor || !intake) return successor;
  return upwards(agencies, intake.id, today).find((one) => isAbove(tierAt(one, today), tier));
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
    case 'agencyId':
      return `the agency ${performer.value} or its successor`;
    default:
      return 'an empty performer';
  }
}
