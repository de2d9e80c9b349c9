import type { FindResponsibleRequest, FindResponsibleResponse } from '@lienthong/contracts/directory';
import { field, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { notThere } from '../domain/draft.ts';
import { type Problem, toRefusal } from '../domain/problem.ts';
import { nameOf } from '../domain/register.ts';
import { findResponsible as find } from '../store/responsible.ts';
import { type Directory, dateOf } from './directory.ts';
import { requireAgency } from './require-agency.ts';
import { functionTag } from './schemas.ts';

const schema = z.object({ function: functionTag, territoryAgencyId: field.uuid, at: field.optionalDate });

export const findResponsible =
  (directory: Directory) =>
  async (request: FindResponsibleRequest): Promise<FindResponsibleResponse> => {
    const { function: name, territoryAgencyId: territoryId, at: given } = parse(schema, request);
    const at = dateOf(directory, given);
    const found = await find(directory.db, { function: name, territoryId, at });
    if (found) return { agency: found.agency, pathAgencyIds: found.path };
    const territory = await requireAgency(directory, territoryId, 'territory_agency_id');
    const absent = notThere(territory, at);
    const nobody: Omit<Problem, 'field'> = {
      kind: 'not-found',
      reason: 'NOBODY_RESPONSIBLE',
      description: `nobody holds "${name}" for ${nameOf(territory)} on ${at}`,
    };
    return refuse(
      toRefusal([absent ? { ...absent, field: 'territory_agency_id' } : { ...nobody, field: 'function' }]),
    );
  };
