import { field } from '@lienthong/kit';
import { z } from 'zod';
import { Casework, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { toDossierMessage, withoutDigests } from './dossier-message.ts';
import { optionalText } from './fields.ts';
import { dossierFor, readsFiles } from './participation.ts';

export const getDossier = query(Casework.getDossier, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request: z.object({ dossierId: field.optionalUuid, code: optionalText(60) }),
  rules: ({ dossierId, code }) =>
    (dossierId === '') === (code === '')
      ? [{ field: 'dossier_id', description: 'give either dossier_id or code', reason: 'ONE_OF_REQUIRED' }]
      : [],
  async handle(which, context, deps) {
    const whole = await dossierFor(context, deps, which);
    const dossier = toDossierMessage(whole, deps.procedures);
    return {
      dossier: readsFiles(whole, context, deps.reference)
        ? dossier
        : withoutDigests(dossier, deps.procedures),
    };
  },
});
