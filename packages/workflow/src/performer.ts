import { Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';

const TIER_NAMES: Readonly<Record<number, string>> = {
  [Tier.MINISTRY]: 'ministry',
  [Tier.PROVINCE]: 'province',
  [Tier.DEPARTMENT]: 'department',
  [Tier.DISTRICT]: 'district',
  [Tier.COMMUNE]: 'commune',
};

/** The name of a tier in conditions (`intake_tier == "commune"`); '' for an unknown tier. */
export const tierName = (tier: Tier): string => TIER_NAMES[tier] ?? '';

/** A key that is equal for equal performers. */
export function performerKey(performer: Performer | undefined): string {
  const who = performer?.performer;
  switch (who?.$case) {
    case 'intake':
      return 'intake';
    case 'ancestor':
      return `ancestor:${who.value}`;
    case 'function':
      return `function:${who.value}`;
    case 'competent':
      return 'competent';
    case 'competentAncestor':
      return `competent_ancestor:${who.value}`;
    case 'competentFunction':
      return `competent_function:${who.value}`;
    case 'agencyId':
      return `agency:${who.value.toLowerCase()}`;
    case undefined:
      return 'nobody';
  }
}
