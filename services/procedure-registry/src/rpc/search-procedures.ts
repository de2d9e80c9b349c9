import { Tier } from '@lienthong/contracts/directory';
import type { SearchProceduresRequest, SearchProceduresResponse } from '@lienthong/contracts/registry';
import {
  decodePageToken,
  encodePageToken,
  enumField,
  field,
  parse,
  refuse,
  searchKey,
  wordQuery,
} from '@lienthong/kit';
import { standsForAll, tierAt } from '@lienthong/reference-data';
import { z } from 'zod';
import { type SearchCursor, searchInForce } from '../store/read.ts';
import { dateOf, type Edge, unknownAgency } from './edge.ts';

const schema = z.object({
  text: field.text({ max: 200 }),
  field: field.text({ max: 200 }),
  tier: enumField(Tier, Tier.UNSPECIFIED),
  agencyId: field.optionalUuid,
  at: field.optionalDate,
  pageSize: field.pageSize,
  pageToken: z.string(),
});

/** The date asked about stays in the token: pages of one list do not shift at midnight. */
type Token = [date: string, cursor: SearchCursor];

export function searchProcedures(edge: Edge) {
  return async (request: SearchProceduresRequest): Promise<SearchProceduresResponse> => {
    const { pageSize, pageToken, ...filter } = parse(schema, request);
    const token = decodePageToken<Token>('procedures', pageToken, filter);
    const at = token?.[0] ?? dateOf(edge.clock, filter.at);
    const rows = await searchInForce(
      edge.db,
      {
        at,
        words: wordQuery(filter.text) ?? null,
        fieldKey: searchKey(filter.field),
        tier: filter.tier,
        takesPart: filter.agencyId === '' ? undefined : await participant(edge, filter.agencyId, at),
      },
      token?.[1],
      pageSize + 1,
    );
    const page = rows.slice(0, pageSize);
    const last = page.at(-1);
    return {
      procedures: page.map(({ summary }) => summary),
      nextPageToken:
        rows.length > pageSize && last ? encodePageToken('procedures', [at, last.cursor], filter) : '',
    };
  };
}

/** An agency takes in by its tier at the date, and takes part where it or one it succeeded is named. */
async function participant({ db, agencies }: Edge, agencyId: string, at: string) {
  await agencies.refresh(db);
  const agency = agencies.get(agencyId);
  if (agency === undefined) return refuse(unknownAgency('agency_id'));
  return { tier: tierAt(agency, at), ids: standsForAll(agencies, agencyId, at) };
}
