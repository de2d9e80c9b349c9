import { field } from '@lienthong/kit';
import { z } from 'zod';
import { toDelivery } from '../domain/delivery-record.ts';
import { readDeliveries } from '../store/read-document.ts';
import { issuerOf, toRecord } from '../store/rows.ts';
import { list, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { participation } from './participation.ts';

export const codeAndId = z.tuple([z.string(), field.uuid]);

export const listDeliveries = list(Routing.listDeliveries, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ documentId: field.uuid }),
  cursor: codeAndId,
  handle: async ({ documentId, page }, context, deps) => {
    const { document, sender, agencyIds } = await participation(deps, context, documentId);
    const after = page.after && { code: page.after[0], id: page.after[1] };
    const rows = await readDeliveries(deps.db, documentId, sender ? undefined : agencyIds, after, page.limit);
    const issuer = issuerOf(document);
    return page.cut(
      rows,
      (row) => [row.addressed_to_code, row.id],
      (rows, nextPageToken) => ({
        deliveries: rows.map((row) => toDelivery(toRecord(row, issuer))),
        nextPageToken,
      }),
    );
  },
});
