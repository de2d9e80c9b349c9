import type { routing } from '@lienthong/contracts/json';
import { call } from './call.ts';

const PAGE = 200;

/** All deliveries of a document. Throws Problem. */
export async function readDeliveries(documentId: string, signal?: AbortSignal): Promise<routing.Delivery[]> {
  const deliveries: routing.Delivery[] = [];
  for (let pageToken = ''; ; ) {
    const page = await call(
      'routing.v1.DocumentRoutingService/ListDeliveries',
      { documentId, pageSize: PAGE, pageToken },
      signal,
    );
    deliveries.push(...page.deliveries);
    pageToken = page.nextPageToken;
    if (pageToken === '') return deliveries;
  }
}
