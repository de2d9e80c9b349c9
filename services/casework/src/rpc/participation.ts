import { annotate, type Context, refuse } from '@lienthong/kit';
import { dossierUnknown, takesPart } from '../domain/decision/callers.ts';
import { type WholeDossier, wholeDossier } from '../store/whole-dossier.ts';
import type { Deps } from './deps.ts';

/** A dossier for a caller who takes part in it. Refuses others: DOSSIER_UNKNOWN. */
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
  return found && takesPart(reference, caller, found.dossier, today) ? found : refuse(dossierUnknown);
}
