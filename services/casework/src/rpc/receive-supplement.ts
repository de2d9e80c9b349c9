import { z } from 'zod';
import { Casework, callerAndTimeOf, command, LARGE_REQUEST_BYTES, WORKS_WITH_DOSSIERS } from './deps.ts';
import { data, dossierId, papers } from './fields.ts';

export const receiveSupplement = command(Casework.receiveSupplement, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ dossierId, papers, data }),
  maxBytes: LARGE_REQUEST_BYTES,
  command: (request, context) => ({ kind: 'receive-supplement', ...request, ...callerAndTimeOf(context) }),
});
