import type { CountWorkRequest, CountWorkResponse } from '@lienthong/contracts/casework';
import { type CallInfo, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { countDossiers } from '../store/list-dossiers.ts';
import { countTasks } from '../store/read-work.ts';
import type { Edge } from './edge.ts';
import { forHolders } from './holders.ts';

const schema = z.object({ officerId: field.text({ max: 200 }) });

/** Open tasks of the caller's agency, or of one officer there, and the dossiers the agency took in. */
export function countWork(edge: Edge) {
  return async (request: CountWorkRequest, info: CallInfo): Promise<CountWorkResponse> => {
    const { officerId } = parse(schema, request);
    const [tasks, dossiers] = await forHolders(edge, info, (agencyIds) =>
      Promise.all([countTasks(edge.db, agencyIds, officerId), countDossiers(edge.db, agencyIds)]),
    );
    return { tasks, dossiers };
  };
}
