import { type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { OPERATORS, query, Traces } from './deps.ts';
import { toTrace } from './messages.ts';

const MOST_SPANS = 2_000;

export const getTrace = query(Traces.getTrace, {
  policy: OPERATORS,
  request: z.object({
    traceId: z
      .string()
      .refine((id) => /^[0-9a-fA-F]{32}$/.test(id), {
        message: 'must be 32 hexadecimal digits',
        params: { reason: 'TRACE_ID_INVALID' },
      })
      .transform((id) => id.toLowerCase()),
  }),
  handle: async ({ traceId }, _, { source }) => ({
    trace: toTrace((await source.read(traceId, MOST_SPANS)) ?? refuse(traceUnknown)),
  }),
});

const traceUnknown: Refusal = {
  kind: 'not-found',
  reason: 'TRACE_UNKNOWN',
  message: 'no trace with this id is kept: it is too old, or it was not sampled',
};
