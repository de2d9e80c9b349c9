import type { ListVersionsRequest, ListVersionsResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { listVersions as list } from '../store/read.ts';
import { type Edge, writesProcedures } from './edge.ts';
import { unknownCode } from './get-procedure.ts';

const schema = z.object({ code: field.text({ min: 1, max: 60 }) });

export function listVersions({ db }: Edge) {
  return async (request: ListVersionsRequest, info: CallInfo): Promise<ListVersionsResponse> => {
    const { code } = parse(schema, request);
    const versions = await list(db, code, writesProcedures(info));
    return versions.length > 0 ? { versions } : refuse(unknownCode(code));
  };
}
