import { field } from '@lienthong/kit';
import { z } from 'zod';
import { listDrafts as readDrafts } from '../store/read.ts';
import { EDITORS, list, Registry } from './deps.ts';

export const listDrafts = list(Registry.listDrafts, {
  policy: EDITORS,
  request: z.object({}),
  cursor: field.text({ min: 1, max: 60 }),
  handle: async ({ page }, _, { db }) => {
    const drafts = await readDrafts(db, page.after ?? '', page.limit);
    return page.cut(
      drafts,
      ({ code }) => code,
      (drafts, nextPageToken) => ({ drafts: [...drafts], nextPageToken }),
    );
  },
});
