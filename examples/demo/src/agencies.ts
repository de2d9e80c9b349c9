import type { AgencyClient } from '@lienthong/client';
import { type Agency, Tier } from '@lienthong/contracts/directory';
import { PROVINCE_CODE, resolve } from '@lienthong/sample-data';

/** An agency of the story, with its code at the beginning of the story. */
export interface Party {
  id: string;
  code: string;
  name: string;
  tier: Tier;
  parentId: string;
}

/** The three provinces and everything below them as of a date, read back from the directory level by level. */
export async function readTrees(admin: AgencyClient, at: string): Promise<Agency[]> {
  const found: Agency[] = [];
  let level: string[] = [];
  for (const code of [PROVINCE_CODE, 'H07', 'H59']) {
    const id = await resolve(admin, code, at);
    if (id === undefined) continue;
    const { agency } = await admin.directory.getAgency({ agencyId: id });
    if (agency) found.push(agency);
    level.push(id);
  }
  while (level.length > 0) {
    const children = await Promise.all(
      level.map((agencyId) => Array.fromAsync(admin.children({ agencyId, at, pageSize: 200 }))),
    );
    const next = children.flat();
    found.push(...next);
    level = next.filter((agency) => tierAt(agency, at) === Tier.DISTRICT).map((agency) => agency.id);
  }
  return found;
}

interface Valid {
  validFrom: string;
  validTo: string;
}

const validAt =
  (at: string) =>
  ({ validFrom, validTo }: Valid): boolean =>
    (validFrom === '' || validFrom <= at) && (validTo === '' || at < validTo);

const tierAt = (agency: Agency, at: string): Tier =>
  agency.placements.find(validAt(at))?.tier ?? Tier.UNSPECIFIED;

export function partyOf(agency: Agency, at: string): Party {
  const placement = agency.placements.find(validAt(at));
  const identifiers = agency.identifiers.filter(validAt(at));
  return {
    id: agency.id,
    code: identifiers.find(({ code }) => code?.scheme === 'QD20')?.code?.code ?? '',
    name: agency.names.find(validAt(at))?.name ?? '',
    tier: placement?.tier ?? Tier.UNSPECIFIED,
    parentId: placement?.parentId ?? '',
  };
}
