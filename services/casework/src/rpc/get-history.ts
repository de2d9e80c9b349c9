import type { GetHistoryRequest, GetHistoryResponse, HistoryEntry } from '@lienthong/contracts/casework';
import { type CallInfo, parse } from '@lienthong/kit';
import { z } from 'zod';
import { sentenceOf } from '../domain/history/sentence.ts';
import { type Recorded, readHistory } from '../store/read-history.ts';
import type { Edge } from './edge.ts';
import { dossierId } from './fields.ts';
import { nameThen } from './names.ts';
import { dossierFor } from './participation.ts';

const schema = z.object({ dossierId });

/** Every event of a dossier, for those who may read it. */
export function getHistory(edge: Edge) {
  return async (request: GetHistoryRequest, info: CallInfo): Promise<GetHistoryResponse> => {
    const which = parse(schema, request);
    const [, recorded] = await Promise.all([
      dossierFor(edge, info, { ...which, code: '' }),
      readHistory(edge.db, which.dossierId),
    ]);
    return { entries: recorded.map((one) => entryOf(edge, one)) };
  };
}

/** What the platform did by itself is told of the agency it concerns. */
function entryOf({ reference }: Edge, recorded: Recorded): HistoryEntry {
  const { event, actorAgencyId, actorOfficerId, traceId } = recorded;
  const at = new Date(event.at);
  const agencyId = actorAgencyId || recorded.agencyId;
  const agency = (id: string) => nameThen(reference.agencies, id, at);
  const officer = (id: string) => reference.officers.get(id)?.fullName ?? '';
  const task = 'task' in event.payload ? event.payload.task : undefined;
  return {
    at,
    type: event.type,
    agencyId,
    agencyName: agency(agencyId),
    officerId: actorOfficerId,
    taskNumber: task?.number ?? 0,
    text: sentenceOf(event, officer),
    traceId,
  };
}
