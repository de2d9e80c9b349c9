import { TaskKind, Urgency } from '@lienthong/contracts/casework';
import { enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { toTaskMessage } from '../domain/dossier/messages.ts';
import { readWork, type WorkFilter } from '../store/read-work.ts';
import { decodeTask } from '../store/record.ts';
import { Casework, list, WORKS_WITH_DOSSIERS } from './deps.ts';
import { toSummary } from './dossier-summary.ts';
import { readForAgencies } from './read-for-agencies.ts';
import { toReadItem } from './read-item.ts';

const EVERYTHING: WorkFilter = {
  officerId: '',
  unassigned: false,
  urgencies: [],
  kinds: [],
  procedureCode: '',
  dueBefore: undefined,
};

const filter = z
  .object({
    officerId: field.text({ max: 200 }),
    unassigned: z.boolean(),
    urgencies: manyOf(enumField(Urgency), 10),
    kinds: manyOf(enumField(TaskKind), 10),
    procedureCode: field.text({ max: 40 }),
    dueBefore: z.date().optional(),
  })
  .superRefine(({ officerId, unassigned }, context) => {
    if (officerId === '' || !unassigned) return;
    const params = { reason: 'FILTER_CONTRADICTS' };
    const message = 'excludes officer_id: a task of an officer is not unassigned; set one of the two';
    context.addIssue({ code: 'custom', path: ['unassigned'], message, params });
  });

/** Deadline, dossier and number of the task after which a page begins. */
const cursor = z.tuple([z.number().int().nullable(), field.uuid, z.number().int().positive()]);

export const listWork = list(Casework.listWork, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request: z.object({ filter: filter.optional() }),
  cursor,
  async handle({ page, filter }, context, deps) {
    const rows = await readForAgencies(context, deps, (agencyIds) =>
      readWork(deps.db, agencyIds, { ...EVERYTHING, ...filter }, placeOf(page.after), page.limit),
    );
    return page.cut(
      rows,
      (row) => [row.due_at?.getTime() ?? null, row.dossier_id, row.number],
      (rows, nextPageToken) => ({
        items: rows.map((row) => ({
          task: toTaskMessage(row.dossier_id, decodeTask(row.task)),
          dossier: toSummary(row, deps.procedures),
        })),
        nextPageToken,
      }),
      toReadItem,
    );
  },
});

const placeOf = (after: z.output<typeof cursor> | undefined) =>
  after && { dueAt: after[0] === null ? null : new Date(after[0]), dossierId: after[1], number: after[2] };
