import type { ListDeliveriesRequest, ListDeliveriesResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, cursorIn, field, pageFields, pageOf, parse } from '@lienthong/kit';
import { z } from 'zod';
import { toDelivery } from '../domain/delivery.ts';
import { readDeliveries } from '../store/read-document.ts';
import { issuerOf, toRecord } from '../store/rows.ts';
import type { Edge } from './edge.ts';
import { participation } from './participation.ts';

const schema = z.object({ documentId: field.uuid, ...pageFields });

export const codeAndId = z.tuple([z.string(), field.uuid]);

export function listDeliveries(edge: Edge) {
  return async (request: ListDeliveriesRequest, info: CallInfo): Promise<ListDeliveriesResponse> => {
    const callerId = callerOf(info);
    const { documentId, pageSize, pageToken } = parse(schema, request);
    const paging = { kind: 'deliveries', cursor: codeAndId, filter: [callerId, documentId] };
    const cursor = cursorIn(paging, pageToken);
    const { document, sender, agencyIds } = await participation(edge, callerId, documentId);
    const after = cursor && { code: cursor[0], id: cursor[1] };
    const rows = await readDeliveries(
      edge.db,
      documentId,
      sender ? undefined : agencyIds,
      after,
      pageSize + 1,
    );
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, (row) => [row.addressed_to_code, row.id]);
    const issuer = issuerOf(document);
    return { deliveries: page.map((row) => toDelivery(toRecord(row, issuer))), nextPageToken };
  };
}
