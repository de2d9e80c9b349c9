import type { GetAgencyRequest, GetAgencyResponse } from '@lienthong/contracts/directory';
import { field, parse } from '@lienthong/kit';
import { z } from 'zod';
import type { Directory } from './directory.ts';
import { requireAgency } from './require-agency.ts';

const schema = z.object({ agencyId: field.uuid });

export const getAgency =
  (directory: Directory) =>
  async (request: GetAgencyRequest): Promise<GetAgencyResponse> => {
    const { agencyId } = parse(schema, request);
    return { agency: await requireAgency(directory, agencyId) };
  };
