import { field } from '@lienthong/kit';
import { z } from 'zod';
import { countDossiers } from '../store/list-dossiers.ts';
import { countTasks } from '../store/read-work.ts';
import { Casework, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { readForAgencies } from './read-for-agencies.ts';

/** Open tasks of the caller's agency, or of one officer there, and the dossiers that the agency took in. */
export const countWork = query(Casework.countWork, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ officerId: field.text({ max: 200 }) }),
  async handle({ officerId }, context, deps) {
    const [tasks, dossiers] = await readForAgencies(context, deps, (agencyIds) =>
      Promise.all([countTasks(deps.db, agencyIds, officerId), countDossiers(deps.db, agencyIds)]),
    );
    return { tasks, dossiers };
  },
});
