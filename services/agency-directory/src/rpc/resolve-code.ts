import type { ResolveCodeRequest, ResolveCodeResponse } from '@lienthong/contracts/directory';
import { field, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { unknownCode } from '../domain/draft.ts';
import { toRefusal } from '../domain/problem.ts';
import { isKnownCode, resolveCode as resolve } from '../store/agencies.ts';
import { type Directory, dateOf } from './directory.ts';
import { agencyCode } from './schemas.ts';

const schema = z.object({ code: agencyCode, at: field.optionalDate });

export const resolveCode =
  (directory: Directory) =>
  async (request: ResolveCodeRequest): Promise<ResolveCodeResponse> => {
    const { code, at: given } = parse(schema, request);
    const at = dateOf(directory, given);
    const agency = await resolve(directory.db, code, at);
    if (agency) return { agency };
    const known = await isKnownCode(directory.db, code);
    return refuse(toRefusal([{ field: 'code.code', ...unknownCode(known, code, at) }]));
  };
