import { type DueWorker, dueWorker } from '@lienthong/kit';
import { applyReport, type PaymentDeps } from './receive.ts';
import { claimDuePayments, endPayment, nextCheck, type Payment } from './store/payments.ts';

const BATCH = 8;
const LONGEST_PAUSE_MS = 10_000;
const DAY_MS = 86_400_000;

export interface CheckSettings {
  PAYMENT_CHECK_S: number;
  PAYMENT_OPEN_DAYS: number;
}

/**
 * Asks the provider for open payments that it has not reported: a report may be lost. Any number of processes share the
 * payments that are due. A payment that is not made within PAYMENT_OPEN_DAYS ends; a later report still counts.
 */
export function createPaymentChecks(deps: PaymentDeps, settings: CheckSettings): DueWorker {
  const { db, clock, log, provider } = deps;
  const { PAYMENT_CHECK_S: firstS, PAYMENT_OPEN_DAYS: openDays } = settings;

  async function check({ id, createdAt, dossierCode: dossier }: Payment): Promise<void> {
    const checked = await provider.check(id);
    if (!checked.ok) return;
    const report = checked.value;
    if (report !== undefined)
      try {
        const result = await applyReport(deps, report);
        if (result === 'recorded') log.info({ dossier, payment: id }, 'a payment was found by a check');
      } catch (err) {
        log.warn(
          { err, dossier, payment: id },
          'a payment cannot be received now; it is checked again later',
        );
        return;
      }
    const isOver = clock.now().getTime() > createdAt.getTime() + openDays * DAY_MS;
    if (isOver && report?.status !== 'paid') await endPayment(db, id);
  }

  return dueWorker({
    name: 'payment checks',
    log,
    everyMs: Math.min(firstS * 1000, LONGEST_PAUSE_MS),
    async *work({ nextRunIn }) {
      while (true) {
        const pauseMs = provider.pausedMs();
        if (pauseMs > 0) return nextRunIn(pauseMs);
        const due = await claimDuePayments(db, clock.now(), { firstS, limit: BATCH });
        if (due.length === 0) break;
        await Promise.all(due.map(check));
        yield due.length;
      }
      const next = await nextCheck(db);
      if (next !== undefined) nextRunIn(next.getTime() - clock.now().getTime());
    },
  });
}
