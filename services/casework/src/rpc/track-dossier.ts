import { DossierStatus, type Result, type TrackedResult } from '@lienthong/contracts/casework';
import { receiptField } from '@lienthong/kit';
import { properName } from '@lienthong/reference-data';
import { z } from 'zod';
import { toDate, toPayment } from '../domain/dossier/messages.ts';
import { hasResults } from '../domain/dossier/status.ts';
import { milestones } from '../domain/history/milestones.ts';
import { STATUS_VI } from '../domain/history/words.ts';
import { readHistory } from '../store/read-history.ts';
import { query, Tracking } from './deps.ts';
import { nameThen } from './names.ts';
import { dossierOfReceipt } from './receipt.ts';

/** For anyone with a dossier's code and secret. An unknown code and a wrong secret get the same reply. */
export const trackDossier = query(Tracking.trackDossier, {
  policy: 'public',
  reads: 'buffered',
  request: z.object(receiptField),
  async handle(receipt, context, deps) {
    const dossier = await dossierOfReceipt(receipt, context, deps);
    const { db, reference, procedures } = deps;
    const [recorded] = await Promise.all([
      readHistory(db, dossier.id),
      reference.agencies.refresh(db),
      procedures.refresh(db),
    ]);
    const { pause } = dossier;
    const awaited = pause?.status === DossierStatus.PAYMENT_REQUESTED ? pause : undefined;
    const events = recorded.map(({ event }) => event);
    return {
      code: dossier.code,
      procedureName: procedures.record(dossier.procedureId)?.definition?.name ?? '',
      status: dossier.status,
      statusText: STATUS_VI[dossier.status],
      holderName: properName(dossier.holder.name),
      intakeName: properName(dossier.intake.name),
      competentName: properName(dossier.competent.name),
      lodgedAt: toDate(dossier.lodgedAt),
      dueAt: toDate(dossier.dueAt),
      dueProvisional: dossier.provisional,
      finishedAt: toDate(dossier.finishedAt),
      paymentDueVnd: BigInt(awaited?.amountVnd ?? 0),
      paymentContent: awaited?.content ?? '',
      payableOnline: awaited !== undefined && deps.payments !== undefined,
      payments: dossier.payments.map(toPayment),
      surplusPayments: dossier.surplusPayments.map(toPayment),
      results: hasResults(dossier) ? dossier.results.filter(hasData).map(toTrackedResult) : [],
      history: milestones(events, (agencyId, at) => nameThen(reference.agencies, agencyId, at)),
    };
  },
});

const hasData = ({ data }: Result): boolean => Object.keys(data).length > 0;

const toTrackedResult = ({ key, name, data }: Result): TrackedResult => ({ key, name, data });
