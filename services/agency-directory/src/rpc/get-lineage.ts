import type { GetLineageRequest, GetLineageResponse } from '@lienthong/contracts/directory';
import { field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { readLineage } from '../store/agencies.ts';
import type { Directory } from './directory.ts';
import { requireAgency } from './require-agency.ts';

const schema = z.object({ agencyId: field.uuid });

export const getLineage =
  (directory: Directory) =>
  async (request: GetLineageRequest): Promise<GetLineageResponse> => {
    const { agencyId } = parse(schema, request);
    const agencies = await readLineage(directory.db, agencyId);
    if (agencies.length === 0) await requireAgency(directory, agencyId);
    const ids = new Set(agencies.map(({ id }) => id));
    const successions = agencies
      .flatMap(({ successors }) => successors.filter(({ successorId }) => ids.has(successorId)))
      .sort((a, b) => Number(a.effectiveOn > b.effectiveOn) - Number(a.effectiveOn < b.effectiveOn));
    return { agencies, successions };
  };
