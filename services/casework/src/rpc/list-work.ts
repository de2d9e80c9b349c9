import {
  type ListWorkRequest,
  type ListWorkResponse,
  TaskKind,
  Urgency,
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
import { toTaskMessage } from '../domain/dossier/messages.ts';
import { readWork, type WorkFilter, type WorkPlace } from '../store/read-work.ts';
import { decodeTask } from '../store/record.ts';
import { dossierSummary } from './dossier-summary.ts';
import type { Edge } from './edge.ts';
import { forHolders } from './holders.ts';

const filterSchema = z
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
    const message =
      'cannot be asked for together with officer_id: what is assigned to somebody is not unassigned';
    context.addIssue({ code: 'custom', path: ['unassigned'], message, params });
  });

const schema = z.object({ filter: filterSchema.optional(), ...pageFields });

const cursor = z.tuple([z.number().int().nullable(), field.uuid, z.number().int().positive()]);
type Cursor = z.output<typeof cursor>;

export function listWork(edge: Edge) {
  return async (request: ListWorkRequest, info: CallInfo): Promise<ListWorkResponse> => {
    const { pageSize, pageToken, ...asked } = parse(schema, request);
    const filter: WorkFilter = { ...EVERYTHING, ...asked.filter };
    const paging: Paging<Cursor> = { kind: 'work', cursor, filter: [callerOf(info), filter] };
    const after = placeOf(cursorIn(paging, pageToken));
    const rows = await forHolders(edge, info, (agencyIds) =>
      readWork(edge.db, agencyIds, filter, after, pageSize + 1),
    );
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, (row) => [
      row.due_at?.getTime() ?? null,
      row.dossier_id,
      row.number,
    ]);
    return {
      items: page.map((row) => ({
        task: toTaskMessage(row.dossier_id, decodeTask(row.task)),
        dossier: dossierSummary(row, edge.procedures),
      })),
      nextPageToken,
    };
  };
}

const EVERYTHING: WorkFilter = {
  officerId: '',
  unassigned: false,
  urgencies: [],
  kinds: [],
  procedureCode: '',
  dueBefore: undefined,
};

const placeOf = (at: Cursor | undefined): WorkPlace | undefined =>
  at && { dueAt: at[0] === null ? null : new Date(at[0]), dossierId: at[1], number: at[2] };
