import { refuse } from '@lienthong/kit';
import { z } from 'zod';
import { encodeCursor } from '../domain/cursor.ts';
import { cursorTooOld } from '../refusals.ts';
import { readHead } from '../store/head.ts';
import { readPage } from '../store/read-page.ts';
import { Feed, fromFields, query, READS_FEED, readersOf, startAt } from './deps.ts';
import { toFeedEvent, toReadItem } from './feed-event.ts';

const MAX_BYTES = 2 * 1024 * 1024;

/**
 * A page after a cursor of the feed. Streams use the same cursors; they are not page tokens.
 * Refuses: AGENCY_REQUIRED, CURSOR_INVALID, CURSOR_TOO_OLD.
 */
export const listEvents = query(Feed.listEvents, {
  policy: READS_FEED,
  reads: 'buffered',
  request: z.object({
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
  }),
  async handle({ types, pageSize, ...from }, context, deps) {
    const { db, agencies } = deps;
    const readers = readersOf(deps, context);
    const [head] = await Promise.all([readHead(db), agencies.refresh(db)]);
    const after = startAt(from, head);
    const page = await readPage(db, { ids: readers(), after, types, limit: pageSize, maxBytes: MAX_BYTES });
    if (after < page.forgotten) refuse(cursorTooOld);
    context.reads.push(...page.events.flatMap(toReadItem));
    return {
      events: page.events.map((row) => toFeedEvent(head.id, row)),
      cursor: encodeCursor(head.id, page.upTo),
      more: page.more,
    };
  },
});
