import type { casework } from '@lienthong/contracts/json';
import type { Key } from './text.tsx';

export const DOSSIER_STATUS_KEYS: Record<casework.DossierStatus, { key: Key; tone: string }> = {
  DOSSIER_STATUS_UNSPECIFIED: { key: 'dossier.registered', tone: '' },
  DOSSIER_STATUS_REGISTERED: { key: 'dossier.registered', tone: 'accent' },
  DOSSIER_STATUS_ACCEPTED: { key: 'dossier.accepted', tone: 'accent' },
  DOSSIER_STATUS_REFUSED: { key: 'dossier.refused', tone: 'danger' },
  DOSSIER_STATUS_IN_PROGRESS: { key: 'dossier.inProgress', tone: 'accent' },
  DOSSIER_STATUS_SUPPLEMENT_REQUESTED: { key: 'dossier.supplement', tone: 'warn' },
  DOSSIER_STATUS_PAYMENT_REQUESTED: { key: 'dossier.payment', tone: 'warn' },
  DOSSIER_STATUS_WITHDRAWN: { key: 'dossier.withdrawn', tone: '' },
  DOSSIER_STATUS_STOPPED: { key: 'dossier.stopped', tone: 'warn' },
  DOSSIER_STATUS_FINISHED: { key: 'dossier.finished', tone: 'good' },
  DOSSIER_STATUS_RESULT_RETURNED: { key: 'dossier.returned', tone: 'good' },
};
