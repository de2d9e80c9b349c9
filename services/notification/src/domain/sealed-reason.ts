import { reasonPlace, type Sealer, tryOpen } from '@lienthong/kit';
import type { Values } from './topics.ts';

/** The values of a message about a dossier with its reason opened; without the reason when no sealing key opens it. */
export function withReason({ sealedReason, ...values }: Values, dossierId: string, sealer: Sealer): Values {
  if (sealedReason === undefined) return values;
  return { ...values, reason: tryOpen(sealer, String(sealedReason), reasonPlace(dossierId)) ?? '' };
}
