import type { ListAttemptsRequest, ListAttemptsResponse } from '@lienthong/contracts/feed';
import { type CallInfo, decodePageToken, encodePageToken, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { readAttempts, toAttempt } from '../store/attempts.ts';
import { ownWebhook, type WebhookEdge } from './edge.ts';

const schema = z.object({
  webhookId: field.uuid,
  eventId: field.optionalUuid,
  failedOnly: z.boolean(),
  pageSize: field.pageSize,
  pageToken: z.string(),
});

export function listAttempts(edge: WebhookEdge) {
  return async (request: ListAttemptsRequest, info: CallInfo): Promise<ListAttemptsResponse> => {
    const { pageSize, pageToken, ...filter } = parse(schema, request);
    const before = decodePageToken<number>('attempts', pageToken, filter);
    await ownWebhook(edge, info, filter.webhookId);
    const rows = await readAttempts(edge.db, filter, before, pageSize + 1);
    const page = rows.slice(0, pageSize);
    const last = page.at(-1);
    return {
      attempts: page.map(toAttempt),
      nextPageToken: rows.length > pageSize && last ? encodePageToken('attempts', last.id, filter) : '',
    };
  };
}
