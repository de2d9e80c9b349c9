import { field, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { isKnown, readInForce } from '../store/read.ts';
import { query, Registry } from './deps.ts';
import { visibleVersion } from './visible-version.ts';

export const getProcedure = query(Registry.getProcedure, {
  policy: 'public',
  request: z.object({
    procedureId: field.optionalUuid,
    code: field.text({ max: 60 }),
    at: field.optionalDate,
  }),
  rules: ({ procedureId, code }) => ((procedureId === '') === (code === '') ? [oneOfTwo] : []),
  handle: async ({ procedureId, code, at }, { caller, today }, { db }) => {
    if (procedureId !== '') return { procedure: await visibleVersion(db, procedureId, caller) };
    const date = at || today;
    const procedure = await readInForce(db, code, date);
    if (procedure) return { procedure };
    return refuse((await isKnown(db, code)) ? notInForce(code, date) : unknownCode(code));
  },
});

const oneOfTwo = {
  field: 'procedure_id',
  description: 'give either procedure_id or code',
  reason: 'ONE_OF_REQUIRED',
};

export const unknownCode = (code: string): Refusal => ({
  kind: 'not-found',
  reason: 'PROCEDURE_UNKNOWN',
  message: `no procedure with the code ${code} has been published; check the code`,
  violations: [
    { field: 'code', description: 'names a procedure that is not published', reason: 'PROCEDURE_UNKNOWN' },
  ],
});

export const notInForce = (code: string, date: string, place = 'at'): Refusal => ({
  kind: 'not-found',
  reason: 'PROCEDURE_NOT_IN_FORCE',
  message: `no version of ${code} is in force on ${date}; ListVersions shows when there was or will be one`,
  violations: [
    { field: place, description: 'no version is in force then', reason: 'PROCEDURE_NOT_IN_FORCE' },
  ],
});
