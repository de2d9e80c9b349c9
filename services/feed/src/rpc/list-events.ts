import type { ListEventsRequest, ListEventsResponse } from '@lienthong/contracts/feed';
import { type CallInfo, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { encodeCursor } from '../domain/cursor.ts';
import { cursorTooOld } from '../refusals.ts';
import { readHead } from '../store/head.ts';
import { readPage } from '../store/read-page.ts';
import { type Edge, fromFields, readerOf, startAt } from './edge.ts';
import { toFeedEvent } from './feed-event.ts';

const MAX_BYTES = 2 * 1024 * 1024;

const schema = z.object({
  ...fromFields,
  pageSize: z
    .number()
    .int()
    .superRefine((n, context) => {
      if (n < 0 || n > 500)
        context.addIssue({
          code: 'custom',
          message: 'must be between 0 (the default, 100) and 500',
          params: { reason: 'PAGE_SIZE_INVALID' },
        });
    })
    .transform((n) => (n === 0 ? 100 : n)),
});

export function listEvents(edge: Edge) {
  const { db, agencies } = edge;
  return async (request: ListEventsRequest, info: CallInfo): Promise<ListEventsResponse> => {
    const idsNow = readerOf(edge, info);
    const { types, pageSize, ...from } = parse(schema, request);
    const [head] = await Promise.all([readHead(db), agencies.refresh(db)]);
    const after = startAt(from, head);
    const page = await readPage(db, { ids: idsNow(), after, types, limit: pageSize, maxBytes: MAX_BYTES });
    if (after < page.forgotten) refuse(cursorTooOld);
    return {
      events: page.events.map((row) => toFeedEvent(head.id, row)),
      cursor: encodeCursor(head.id, page.upTo),
      more: page.more,
    };
  };
}
