import {
  type Delivery,
  DeliveryStatus,
  type ReportStatusRequest,
  type StatusEntry,
} from '@lienthong/contracts/routing';
import { instantOf, type StatusPackage } from '@lienthong/edxml';
import { NO_REASON } from './issue.ts';
import { type Leniency, MESSAGE } from './places.ts';

const S = DeliveryStatus;

export type Step = Pick<ReportStatusRequest, 'status' | 'reason' | 'assignee' | 'happenedAt' | 'late'>;

/** What a status package comes to: the reports to make, none when it was reported before. */
export interface Plan {
  steps: readonly Step[];
  leniencies: readonly Leniency[];
}

/** Work on a delivery in its order; 02 ends it like 06. */
const ORDER: readonly DeliveryStatus[] = [S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DONE];
const NO_ASSIGNEE = '(gói tin không nêu người xử lý)';

/** The newest of 01 to 06 that was current. */
export const workStatusOf = (history: readonly StatusEntry[]): DeliveryStatus =>
  history.findLast(({ status, late }) => !late && status >= S.ARRIVED && status <= S.DONE)?.status ??
  S.UNSPECIFIED;

/**
 * How the platform, which takes every status in its order, comes to know what another system says: steps that it left out
 * are reported before, and what was passed is late news. A status that cannot be is left to the platform to refuse.
 */
export function planReports(
  edxml: StatusPackage,
  { delivery, history }: { delivery: Pick<Delivery, 'pending'>; history: readonly StatusEntry[] },
  now: Date,
): Plan {
  const status = edxml.statusCode as DeliveryStatus;
  const leniencies: Leniency[] = [];
  const accept = (reason: string, element: string, description: string) =>
    void leniencies.push({ reason, path: `${MESSAGE}/${element}`, description });
  const said = instantOf(edxml.timestamp);
  const happenedAt = said > now ? undefined : said;
  const isRepeated = history.some(
    (one) => one.status === status && one.happenedAt?.getTime() === said.getTime(),
  );
  if (isRepeated) {
    accept('STATUS_REPEATED', 'StatusCode', 'was reported before with this time; nothing was changed');
    return { steps: [], leniencies };
  }
  if (happenedAt === undefined)
    accept('TIME_IN_FUTURE', 'Timestamp', 'is in the future; the time of the report was taken');
  const step: Step = {
    status,
    reason: reasonOf(edxml, accept),
    assignee: assigneeOf(edxml, accept),
    happenedAt,
    late: false,
  };
  const work = workStatusOf(history);
  if (delivery.pending === undefined && isPassed(work, status)) {
    accept('STATUS_LATE', 'StatusCode', 'had been passed; it was kept as late news');
    return { steps: [{ ...step, late: true }], leniencies };
  }
  const skipped = delivery.pending === undefined ? skippedBefore(work, status) : [];
  if (skipped.length > 0)
    accept(
      'STATUS_SKIPPED',
      'StatusCode',
      `came without ${skipped.map(codeOf).join(' and ')}, which were reported before it`,
    );
  const reason = `Bổ sung: hệ thống của đơn vị báo thẳng trạng thái ${codeOf(status)}`;
  return {
    steps: [...skipped.map((one) => ({ ...step, status: one, reason, assignee: '' })), step],
    leniencies,
  };
}

const codeOf = (status: DeliveryStatus): string => String(status).padStart(2, '0');

function isPassed(work: DeliveryStatus, status: DeliveryStatus): boolean {
  if (work === S.REFUSED) return status === S.ARRIVED || status === S.REFUSED;
  const at = ORDER.indexOf(status);
  const reached = ORDER.indexOf(work);
  // Work is assigned and taken up again: both are news of their own until it is done.
  const isRepeatable = (status === S.ASSIGNED || status === S.IN_PROGRESS) && work !== S.DONE;
  return at >= 0 && at <= reached && !isRepeatable;
}

/** Arrival and acceptance that must come before; 04 and 05 need not. */
function skippedBefore(work: DeliveryStatus, status: DeliveryStatus): DeliveryStatus[] {
  const at = ORDER.indexOf(status);
  const reached = work === S.REFUSED ? ORDER.length : ORDER.indexOf(work);
  return [S.ARRIVED, S.ACCEPTED].filter((_, i) => i > reached && i < at);
}

type Accept = (reason: string, element: string, description: string) => void;

function reasonOf({ statusCode, description }: StatusPackage, accept: Accept): string {
  const isRequired = statusCode === S.REFUSED || statusCode === S.RECALL_REFUSED;
  if (!isRequired || description !== '') return description;
  accept('REASON_MISSING', 'Description', `is empty; "${NO_REASON}" was taken`);
  return NO_REASON;
}

function assigneeOf({ statusCode, staffInfo }: StatusPackage, accept: Accept): string {
  if (statusCode !== S.ASSIGNED) return '';
  const named = staffInfo?.staff || staffInfo?.department || '';
  if (named !== '') return named.slice(0, 100);
  accept('ASSIGNEE_MISSING', 'StaffInfo', `names nobody; "${NO_ASSIGNEE}" was taken`);
  return NO_ASSIGNEE;
}
