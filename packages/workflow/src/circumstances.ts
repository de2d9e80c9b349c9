/** Facts of dossiers that are known before any exists: the tier that takes them in, and their channel. */
import { Tier } from '@lienthong/contracts/directory';
import type { Channel, Definition } from '@lienthong/contracts/registry';
import type { Data } from './data.ts';
import type { ChoiceNode, Node } from './model.ts';
import { tierName } from './performer.ts';

/** An absent field is unknown. */
export interface Circumstances {
  intakeTier?: Tier;
  channel?: Channel;
  data?: Data;
}

/** Every pair of a tier that takes the procedure in and a channel that it can be lodged by. */
export function circumstancesOf({ tiers, ways }: Definition): Circumstances[] {
  const channels = [...new Set(ways.map((way) => way.channel))];
  const known = [...new Set(tiers)].filter((tier) => tierName(tier) !== '');
  const places: Circumstances[] = known.length === 0 ? [{}] : known.map((intakeTier) => ({ intakeTier }));
  if (channels.length === 0) return places;
  return places.flatMap((place) => channels.map((channel) => ({ ...place, channel })));
}

/** The children that a choice can lead to; `undefined` when it can lead to none. */
export function waysOf(
  choice: ChoiceNode,
  { intakeTier, channel, data }: Circumstances,
): (Node | undefined)[] {
  const known = { intakeTier: intakeTier === undefined ? undefined : tierName(intakeTier), channel, data };
  const ways: (Node | undefined)[] = [];
  for (const [i, condition] of choice.conditions.entries()) {
    const holds = condition.decide(known);
    if (holds !== false) ways.push(choice.children[i]);
    if (holds === true) return ways;
  }
  return [...ways, choice.otherwise];
}

const ABOVE: Readonly<Record<number, readonly Tier[]>> = {
  [Tier.PROVINCE]: [Tier.MINISTRY],
  [Tier.DEPARTMENT]: [Tier.PROVINCE, Tier.MINISTRY],
  [Tier.DISTRICT]: [Tier.PROVINCE, Tier.MINISTRY],
  [Tier.COMMUNE]: [Tier.DISTRICT, Tier.PROVINCE, Tier.MINISTRY],
};

/** Whether some agency of a tier has one of another tier above it. */
export type HasTierAbove = (intake: Tier, above: Tier) => boolean;

/** The tiers from the intake agency up, without those that no agency of its tier has above it. */
export const tiersFrom = (intake: Tier, hasTierAbove: HasTierAbove = () => true): readonly Tier[] => [
  intake,
  ...(ABOVE[intake] ?? []).filter((tier) => hasTierAbove(intake, tier)),
];
