import {
  DossierStatus,
  type ListDossiersRequest,
  type ListDossiersResponse,
} from '@lienthong/contracts/casework';
import {
  type CallInfo,
  callerOf,
  cursorIn,
  enumField,
  field,
  manyOf,
  type Paging,
  pageFields,
  pageOf,
  parse,
} from '@lienthong/kit';
import { z } from 'zod';
import { type DossierFilter, listDossiers as readPage } from '../store/list-dossiers.ts';
import { dossierSummary } from './dossier-summary.ts';
import type { Edge } from './edge.ts';
import { forHolders } from './holders.ts';

const filterFields = {
  statuses: manyOf(enumField(DossierStatus), 20),
  procedureCode: field.text({ max: 40 }),
  text: field.text({ max: 200 }),
  lodgedFrom: z.date().optional(),
  lodgedTo: z.date().optional(),
};
const schema = z.object({ ...filterFields, ...pageFields });

const cursor = z.tuple([z.number().int(), field.uuid]);
type Cursor = z.output<typeof cursor>;

export function listDossiers(edge: Edge) {
  return async (request: ListDossiersRequest, info: CallInfo): Promise<ListDossiersResponse> => {
    const { pageSize, pageToken, ...asked } = parse(schema, request);
    const filter: DossierFilter = { ...asked, lodgedFrom: asked.lodgedFrom, lodgedTo: asked.lodgedTo };
    const paging: Paging<Cursor> = { kind: 'dossiers', cursor, filter: [callerOf(info), filter] };
    const at = cursorIn(paging, pageToken);
    const after = at && { at: new Date(at[0]), id: at[1] };
    const rows = await forHolders(edge, info, (agencyIds) =>
      readPage(edge.db, agencyIds, filter, after, pageSize + 1),
    );
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, (row) => [
      row.lodged_at.getTime(),
      row.id,
    ]);
    return { dossiers: page.map((row) => dossierSummary(row, edge.procedures)), nextPageToken };
  };
}
