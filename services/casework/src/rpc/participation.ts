import { annotate, type CallInfo, callerOf, instant, refuse } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import { dossierUnknown } from '../domain/decision/callers.ts';
import { type WholeDossier, wholeDossier } from '../store/whole-dossier.ts';
import type { Edge } from './edge.ts';

/**
 * A dossier for an agency that takes part or took part in it, or stands for one that did. To all others it is the
 * same as none: refused with DOSSIER_UNKNOWN.
 */
export async function dossierFor(
  { db, clock, reference, procedures }: Pick<Edge, 'db' | 'clock' | 'reference' | 'procedures'>,
  info: CallInfo,
  which: { dossierId: string; code: string },
): Promise<WholeDossier> {
  const callerId = callerOf(info);
  const [found] = await Promise.all([wholeDossier(db, which), reference.refresh(db), procedures.refresh(db)]);
  annotate({ dossier: found?.dossier.code });
  const { today } = instant(clock);
  const takesPart = found?.dossier.participants.some((agencyId) =>
    standsFor(reference.agencies, callerId, agencyId, today),
  );
  return found && takesPart ? found : refuse(dossierUnknown);
}
