import { DocumentOperationsServiceDefinition } from '@lienthong/contracts/routing';
import { field } from '@lienthong/kit';
import { z } from 'zod';
import { readByNumber } from '../store/by-number.ts';
import { OPERATORS, query } from './deps.ts';

const MOST_FOUND = 10;

export const findDocumentsByNumber = query(
  DocumentOperationsServiceDefinition.methods.findDocumentsByNumber,
  {
    policy: OPERATORS,
    request: z.object({
      issuerId: field.uuid,
      number: field.text({ min: 1, max: 50 }),
      notation: field.text({ min: 1, max: 100 }),
    }),
    handle: async (wanted, _, { db }) => ({ documents: await readByNumber(db, wanted, MOST_FOUND) }),
  },
);
