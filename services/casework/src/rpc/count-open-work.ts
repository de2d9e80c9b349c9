import { WorkOperationsServiceDefinition } from '@lienthong/contracts/casework';
import { field, manyOf, type Policy } from '@lienthong/kit';
import { z } from 'zod';
import {
  countOpenWork as readOpenWork,
  countRunningDossiers as readRunning,
} from '../store/count-open-work.ts';
import { query } from './deps.ts';

const OPERATORS: Policy = { anyOf: ['admin'] };
const MOST = 200;

export const countOpenWork = query(WorkOperationsServiceDefinition.methods.countOpenWork, {
  policy: OPERATORS,
  request: z.object({ agencyIds: manyOf(field.uuid, MOST) }),
  async handle({ agencyIds }, _, { db }) {
    const counted = await readOpenWork(db, agencyIds);
    return {
      agencies: counted.map(({ agencyId, tasks, dossiers }) => ({
        agencyId,
        tasks: BigInt(tasks),
        dossiers: BigInt(dossiers),
      })),
    };
  },
});

export const countRunningDossiers = query(WorkOperationsServiceDefinition.methods.countRunningDossiers, {
  policy: OPERATORS,
  request: z.object({ procedureCode: field.text({ min: 1, max: 40 }) }),
  // All dossiers that run are looked at.
  cost: 4,
  async handle({ procedureCode }, _, { db }) {
    const counted = await readRunning(db, procedureCode);
    return {
      versions: counted.map(({ procedureId, dossiers, latestDueAt }) => ({
        procedureId,
        dossiers: BigInt(dossiers),
        latestDueAt: latestDueAt ?? undefined,
      })),
    };
  },
});
