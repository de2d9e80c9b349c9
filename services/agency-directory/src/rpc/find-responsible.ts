import { field, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { notThere } from '../domain/draft.ts';
import { type Problem, toRefusal } from '../domain/problem.ts';
import { nameOf } from '../domain/register.ts';
import { findResponsible as find } from '../store/responsible.ts';
import { Directory, query } from './deps.ts';
import { requireAgency } from './require-agency.ts';
import { functionTag } from './schemas.ts';

export const findResponsible = query(Directory.findResponsible, {
  policy: 'authenticated',
  request: z.object({ function: functionTag, territoryAgencyId: field.uuid, at: field.optionalDate }),
  handle: async ({ function: name, territoryAgencyId: territoryId, at }, { today }, { db }) => {
    const date = at || today;
    const found = await find(db, { function: name, territoryId, at: date });
    if (found) return { agency: found.agency, pathAgencyIds: found.path };
    const territory = await requireAgency(db, territoryId, 'territory_agency_id');
    const absent = notThere(territory, date);
    const unassigned: Problem = {
      field: 'function',
      kind: 'not-found',
      reason: 'NOBODY_RESPONSIBLE',
      description: `no agency holds "${name}" for ${nameOf(territory)} on ${date}; check the function and the date`,
    };
    return refuse(toRefusal([absent ? { ...absent, field: 'territory_agency_id' } : unassigned]));
  },
});
