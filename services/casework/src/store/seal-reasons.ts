import { reasonPlace, type Sealer } from '@lienthong/kit';
import type { CaseworkEvent, Decision } from '../domain/decision/events.ts';
import { reasonOf } from '../domain/dossier/reasons.ts';

/** The decision with the reasons for the citizen sealed in its events: nobody who reads the log reads them. */
export const sealReasons = (decision: Decision, sealer: Sealer): Decision => {
  const { dossier } = decision.change;
  const seal = (event: CaseworkEvent): CaseworkEvent => {
    const reason = reasonOf(event.type, dossier);
    if (reason === '') return event;
    const sealedReason = sealer.seal(reason, reasonPlace(dossier.id));
    return { ...event, payload: { ...event.payload, sealedReason } } as CaseworkEvent;
  };
  return { ...decision, events: decision.events.map(seal) };
};
