import { WorkOperationsServiceDefinition } from '@lienthong/contracts/casework';
import type { Policy } from '@lienthong/kit';
import { z } from 'zod';
import { strandedReason } from '../domain/work/stranded.ts';
import { countOpenTasks } from '../store/count-open-tasks.ts';
import { query } from './deps.ts';

const OPERATORS: Policy = { anyOf: ['admin'] };
const MOST = 200;

export const listStrandedWork = query(WorkOperationsServiceDefinition.methods.listStrandedWork, {
  policy: OPERATORS,
  request: z.object({}),
  // All open tasks are counted.
  cost: 4,
  async handle(_, { today }, { db, reference }) {
    const [counted] = await Promise.all([countOpenTasks(db), reference.refresh(db)]);
    const work = counted.flatMap(({ agencyId, tasks, earliestDueAt }) => {
      const reason = strandedReason(reference, agencyId, today);
      if (reason === undefined) return [];
      return [{ agencyId, reason, tasks: BigInt(tasks), earliestDueAt: earliestDueAt ?? undefined }];
    });
    return { work: work.slice(0, MOST) };
  },
});
