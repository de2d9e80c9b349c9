import type { CaseworkEventType } from '../decision/events.ts';
import type { Dossier } from './state.ts';

const ownReason = ({ reason }: Dossier): string => reason;
const pauseContent = ({ pause }: Dossier): string => pause?.content ?? '';

/** For each event that gives the citizen a reason: the reason, from the dossier as the event leaves it. */
const REASONS: Partial<Record<CaseworkEventType, (dossier: Dossier) => string>> = {
  'lienthong.casework.v1.DossierRefused': ownReason,
  'lienthong.casework.v1.DossierWithdrawn': ownReason,
  'lienthong.casework.v1.DossierStopped': pauseContent,
  'lienthong.casework.v1.SupplementRequested': pauseContent,
  'lienthong.casework.v1.PaymentRequested': pauseContent,
  'lienthong.casework.v1.DeadlineExtended': ({ extension }) => extension?.reason ?? '',
};

/** Why the citizen's dossier is where the event leaves it, as the officer wrote it; '' for events without a reason. */
export const reasonOf = (type: CaseworkEventType, dossier: Dossier): string => REASONS[type]?.(dossier) ?? '';
