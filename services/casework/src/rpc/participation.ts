import { annotate, type Context, refuse } from '@lienthong/kit';
import { type ReferenceCache, standsForAll } from '@lienthong/reference-data';
import { dossierUnknown, takesPart } from '../domain/decision/callers.ts';
import { mayReadFiles } from '../domain/files/may-read.ts';
import { findDossier, type WholeDossier } from '../store/whole-dossier.ts';
import type { Deps } from './deps.ts';

/** A dossier for a caller who takes part in it. Refuses others: DOSSIER_UNKNOWN. */
export async function dossierFor(
  { caller, today, reads }: Pick<Context, 'caller' | 'today' | 'reads'>,
  { db, reference, procedures, sealer }: Pick<Deps, 'db' | 'reference' | 'procedures' | 'sealer'>,
  which: { dossierId: string; code: string },
): Promise<WholeDossier> {
  const [found] = await Promise.all([
    findDossier(db, sealer, which),
    reference.refresh(db),
    procedures.refresh(db),
  ]);
  annotate({ dossier: found?.dossier.code });
  if (found) reads.push({ dossierCode: found.dossier.code, ownerId: found.dossier.competent.agencyId });
  if (!found || !takesPart(reference, caller, found.dossier, today)) return refuse(dossierUnknown);
  return found.open();
}

/** True while the caller's agency may download the files of a dossier. */
export function readsFiles(
  { dossier, tasks }: Pick<WholeDossier, 'dossier' | 'tasks'>,
  { caller, now, today }: Pick<Context, 'caller' | 'now' | 'today'>,
  { agencies }: Pick<ReferenceCache, 'agencies'>,
): boolean {
  const own = new Set(standsForAll(agencies, caller.agencyId, today));
  const isOwn = (agencyId: string) => own.has(agencyId);
  const ownTasks = tasks.filter(({ agency }) => isOwn(agency.agencyId));
  return mayReadFiles(dossier, ownTasks, isOwn, now.getTime());
}
