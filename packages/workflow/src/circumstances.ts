/** Facts of dossiers that are known before any exists: the tier that takes them in, and their channel. */
import { Tier } from '@lienthong/contracts/directory';
import type { Channel, Definition } from '@lienthong/contracts/registry';
import type { Data } from './data/tree.ts';
import { isForCase } from './lodging/cases.ts';
import type { ChoiceNode, Node } from './model.ts';
import { tierName } from './performer.ts';

/** An absent field is unknown. */
export interface Circumstances {
  intakeTier?: Tier;
  channel?: Channel;
  caseKey?: string;
  data?: Data;
}

/** Every tier that takes the procedure in, with each channel and case that it can be lodged by. */
export function circumstancesOf({ tiers, ways, cases }: Definition): Circumstances[] {
  const known = [...new Set(tiers)].filter((tier) => tierName(tier) !== '');
  const places: Circumstances[] = known.length === 0 ? [{}] : known.map((intakeTier) => ({ intakeTier }));
  const kinds: Circumstances[] = cases.length === 0 ? [{}] : cases.map(({ key: caseKey }) => ({ caseKey }));
  const channels = [...new Set(ways.map((way) => way.channel))];
  const lodged = channels.flatMap((channel) =>
    kinds
      .filter(({ caseKey = '' }) => ways.some((way) => way.channel === channel && isForCase(way, caseKey)))
      .map((kind) => ({ ...kind, channel })),
  );
  const ofEach = lodged.length === 0 ? kinds : lodged;
  return places.flatMap((place) => ofEach.map((one) => ({ ...place, ...one })));
}

/** The children that a choice can lead to; `undefined` when it can lead to none. */
export function waysOf(
  choice: ChoiceNode,
  { intakeTier, channel, caseKey, data }: Circumstances,
): (Node | undefined)[] {
  const known = {
    intakeTier: intakeTier === undefined ? undefined : tierName(intakeTier),
    channel,
    caseKey,
    data,
  };
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
