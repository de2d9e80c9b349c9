import { Tier } from '@lienthong/contracts/directory';
import { ServiceLevel } from '@lienthong/contracts/registry';
import { enumField, field, refuse, searchKey, wordQuery } from '@lienthong/kit';
import { standsForAll, tierAt } from '@lienthong/reference-data';
import { z } from 'zod';
import { unknownAgency } from '../domain/refusals.ts';
import { searchInForce } from '../store/read.ts';
import { type Deps, list, Registry } from './deps.ts';

export const searchProcedures = list(Registry.searchProcedures, {
  policy: 'public',
  request: z.object({
    text: field.text({ max: 200 }),
    field: field.text({ max: 200 }),
    tier: enumField(Tier, Tier.UNSPECIFIED),
    serviceLevel: enumField(ServiceLevel, ServiceLevel.UNSPECIFIED),
    agencyId: field.optionalUuid,
    at: field.optionalDate,
  }),
  // The date stays in the token: pages of one list do not shift at midnight.
  cursor: z.tuple([field.date, z.tuple([z.string(), field.uuid])]),
  handle: async ({ page, ...filter }, { today }, deps) => {
    const [at, after] = page.after ?? [filter.at || today, undefined];
    const wanted = {
      at,
      words: wordQuery(filter.text) ?? null,
      fieldKey: searchKey(filter.field),
      tier: filter.tier,
      serviceLevel: filter.serviceLevel,
      takesPart: filter.agencyId === '' ? undefined : await participant(deps, filter.agencyId, at),
    };
    const rows = await searchInForce(deps.db, wanted, after, page.limit);
    return page.cut(
      rows,
      ({ cursor }) => [at, cursor],
      (rows, nextPageToken) => ({ procedures: rows.map(({ summary }) => summary), nextPageToken }),
    );
  },
});

/** An agency takes in by its tier at the date, and takes part where it or one it succeeded is named. */
async function participant({ db, agencies }: Deps, agencyId: string, at: string) {
  await agencies.refresh(db);
  const agency = agencies.get(agencyId);
  if (agency === undefined) return refuse(unknownAgency('agency_id'));
  return { tier: tierAt(agency, at), ids: standsForAll(agencies, agencyId, at) };
}
