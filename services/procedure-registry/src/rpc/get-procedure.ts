import type { GetProcedureRequest, GetProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, invalid, parse, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { isKnown, readInForce } from '../store/read.ts';
import { dateOf, type Edge, visibleVersion } from './edge.ts';

const schema = z.object({
  procedureId: field.optionalUuid,
  code: field.text({ max: 60 }),
  at: field.optionalDate,
});

export function getProcedure(edge: Edge) {
  return async (request: GetProcedureRequest, info: CallInfo): Promise<GetProcedureResponse> => {
    const { procedureId, code, at } = parse(schema, request);
    if ((procedureId === '') === (code === '')) return refuse(oneOfTwo);
    if (procedureId !== '') return { procedure: await visibleVersion(edge, procedureId, info) };
    const date = dateOf(edge.clock, at);
    const procedure = await readInForce(edge.db, code, date);
    if (procedure) return { procedure };
    return refuse((await isKnown(edge.db, code)) ? notInForce(code, date) : unknownCode(code));
  };
}

const oneOfTwo: Refusal = invalid([
  { field: 'procedure_id', description: 'give either procedure_id or code', reason: 'ONE_OF_REQUIRED' },
]);

export const unknownCode = (code: string): Refusal => ({
  kind: 'not-found',
  reason: 'PROCEDURE_UNKNOWN',
  message: `no procedure with the code ${code} was ever published`,
  violations: [{ field: 'code', description: 'is no published procedure', reason: 'PROCEDURE_UNKNOWN' }],
});

export const notInForce = (code: string, date: string, place = 'at'): Refusal => ({
  kind: 'not-found',
  reason: 'PROCEDURE_NOT_IN_FORCE',
  message: `no version of ${code} is in force on ${date}; ListVersions tells when there was or will be one`,
  violations: [
    { field: place, description: 'no version is in force then', reason: 'PROCEDURE_NOT_IN_FORCE' },
  ],
});
