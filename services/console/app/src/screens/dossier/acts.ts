import type { casework } from '@lienthong/contracts/json';
import { vietnamTime } from '../../text/dates.ts';
import type { Key } from '../../text/text.tsx';
import { type ActField, NEEDED_REASON, REASON } from '../../ui/act-field.tsx';

export interface Act {
  title: Key;
  method:
    | 'casework.v1.CaseworkService/ExtendDeadline'
    | 'casework.v1.CaseworkService/RecordPayment'
    | 'casework.v1.CaseworkService/RequestPayment'
    | 'casework.v1.CaseworkService/RequestSupplement'
    | 'casework.v1.CaseworkService/ResumeDossier'
    | 'casework.v1.CaseworkService/StopDossier'
    | 'casework.v1.CaseworkService/WithdrawDossier';
  fields: readonly ActField[];
}

const CLOSED: readonly casework.DossierStatus[] = [
  'DOSSIER_STATUS_REFUSED',
  'DOSSIER_STATUS_WITHDRAWN',
  'DOSSIER_STATUS_FINISHED',
  'DOSSIER_STATUS_RESULT_RETURNED',
];
const PAUSED: readonly casework.DossierStatus[] = [
  'DOSSIER_STATUS_SUPPLEMENT_REQUESTED',
  'DOSSIER_STATUS_PAYMENT_REQUESTED',
  'DOSSIER_STATUS_STOPPED',
];

/** What an agency can do with a dossier as a whole now, besides the tasks; the platform decides about each. */
export function actsOf(dossier: casework.Dossier, agencyId: string | undefined): readonly Act[] {
  if (CLOSED.includes(dossier.status)) return [];
  const isPaused = PAUSED.includes(dossier.status);
  const isUnderWay = dossier.acceptedAt !== undefined && !isPaused;
  const holds = dossier.holder?.agencyId === agencyId;
  const tookIn = dossier.intake?.agencyId === agencyId;
  const acts: readonly (readonly [boolean, Act])[] = [
    [tookIn && dossier.status === 'DOSSIER_STATUS_PAYMENT_REQUESTED', recordPayment(dossier.paymentDueVnd)],
    [holds && dossier.status === 'DOSSIER_STATUS_STOPPED', RESUME],
    [holds && !isPaused && dossier.supplements === 0, REQUEST_SUPPLEMENT],
    [holds && isUnderWay, REQUEST_PAYMENT],
    [holds && isUnderWay && dossier.extension === undefined, extend(dossier.dueAt)],
    [holds && isUnderWay, STOP],
    [tookIn, WITHDRAW],
  ];
  return acts.flatMap(([isPossible, act]) => (isPossible ? [act] : []));
}

const RESUME: Act = { title: 'act.resume', method: 'casework.v1.CaseworkService/ResumeDossier', fields: [] };
const STOP: Act = {
  title: 'act.stop',
  method: 'casework.v1.CaseworkService/StopDossier',
  fields: [NEEDED_REASON],
};
const WITHDRAW: Act = {
  title: 'act.withdraw',
  method: 'casework.v1.CaseworkService/WithdrawDossier',
  fields: [REASON],
};
const REQUEST_SUPPLEMENT: Act = {
  title: 'act.supplement',
  method: 'casework.v1.CaseworkService/RequestSupplement',
  fields: [
    { name: 'content', label: 'act.supplementContent', kind: 'lines', required: true },
    REASON,
    { name: 'contactPhone', label: 'act.contactPhone', kind: 'text' },
  ],
};
const REQUEST_PAYMENT: Act = {
  title: 'act.payment',
  method: 'casework.v1.CaseworkService/RequestPayment',
  fields: [
    { name: 'amountVnd', label: 'act.amount', kind: 'amount', help: 'act.amountHelp' },
    { name: 'content', label: 'act.paymentContent', kind: 'text' },
  ],
};
const recordPayment = (amountVnd: string): Act => ({
  title: 'act.paid',
  method: 'casework.v1.CaseworkService/RecordPayment',
  fields: [
    { name: 'amountVnd', label: 'act.amount', kind: 'amount', value: amountVnd, required: true },
    { name: 'receipt', label: 'act.receipt', kind: 'text', required: true },
  ],
});

function extend(dueAt: string | undefined): Act {
  const due = dueAt === undefined ? undefined : vietnamTime(new Date(dueAt));
  return {
    title: 'act.extend',
    method: 'casework.v1.CaseworkService/ExtendDeadline',
    fields: [
      {
        name: 'dueAt',
        label: 'act.newDeadline',
        kind: 'moment',
        required: true,
        ...(due && { value: `${due.date}T${due.time}` }),
      },
      NEEDED_REASON,
    ],
  };
}
