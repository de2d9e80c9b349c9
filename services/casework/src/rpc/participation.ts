import { annotate, type Context, refuse } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import { dossierUnknown } from '../domain/decision/callers.ts';
import { type WholeDossier, wholeDossier } from '../store/whole-dossier.ts';
import type { Deps } from './deps.ts';

/** A dossier for an agency that takes or took part in it, or stands for one that did. Refuses others: DOSSIER_UNKNOWN. */
export async function dossierFor(
  { caller, today }: Pick<Context, 'caller' | 'today'>,
  { db, reference, procedures, sealer }: Pick<Deps, 'db' | 'reference' | 'procedures' | 'sealer'>,
  which: { dossierId: string; code: string },
): Promise<WholeDossier> {
  const [found] = await Promise.all([
    wholeDossier(db, sealer, which),
    reference.refresh(db),
    procedures.refresh(db),
  ]);
  annotate({ dossier: found?.dossier.code });
  const takesPart = found?.dossier.participants.some((agencyId) =>
    standsFor(reference.agencies, caller.agencyId, agencyId, today),
  );
  return found && takesPart ? found : refuse(dossierUnknown);
}
