/** What happened in another system, as the event of the import carries it, and back. */
import type { DossierImported, DossierRef, ImportedEvent } from '@lienthong/contracts/casework';
import { decodeEvent, encodeEvent, isEventType } from '@lienthong/contracts/events';
import type { CaseworkEvent, CaseworkEventType } from '../decision/events.ts';
import type { PastEvent } from '../history/past.ts';
import { pastEvent } from '../history/past.ts';

/** An event of the past with its time and who acted; both ids are '' when nobody knows. */
export interface Happened {
  event: CaseworkEvent;
  at: number;
  actorAgencyId: string;
  actorOfficerId: string;
}

/** The dossier is the same in all of them: only what changes with the events is kept. */
function withoutIdentity(dossier: DossierRef): DossierRef {
  return { ...dossier, id: '', code: '', procedureCode: '', procedureVersion: 0, procedureName: '' };
}

export function toImportedEvent({ event, at, actorAgencyId, actorOfficerId }: Happened): ImportedEvent {
  const payload = event.payload as { dossier: DossierRef };
  const stripped = { ...payload, dossier: withoutIdentity(payload.dossier) };
  return {
    at: new Date(at),
    type: event.type,
    actorAgencyId,
    actorOfficerId,
    agencyId: event.agencyId,
    payload: encodeEvent(event.type, stripped as never),
  };
}

/** An event of the history with who acted and the agency that it concerned. */
export interface Unpacked {
  event: PastEvent;
  actorAgencyId: string;
  actorOfficerId: string;
  agencyId: string;
}

/**
 * The history of an import, oldest first. Its events are parts of one version of the dossier: theirs grow from the version
 * before it to that one.
 */
export function unpack({ dossier, history }: DossierImported, version: number): Unpacked[] {
  return history.map(({ type, at, payload, ...whose }, i) => {
    if (!isEventType(type)) throw new Error(`event ${type} of an import is unknown to this program`);
    const known = type as CaseworkEventType;
    const decoded = decodeEvent(known, payload) as { dossier?: DossierRef };
    const whole = { ...decoded, dossier: { ...decoded.dossier, ...identityOf(dossier) } };
    const part = version - 1 + (i + 1) / (history.length + 1);
    return { event: pastEvent(known, whole as never, part, at ?? new Date(0)), ...whose };
  });
}

const identityOf = (dossier: DossierRef | undefined) => ({
  id: dossier?.id ?? '',
  code: dossier?.code ?? '',
  procedureCode: dossier?.procedureCode ?? '',
  procedureVersion: dossier?.procedureVersion ?? 0,
  procedureName: dossier?.procedureName ?? '',
});
