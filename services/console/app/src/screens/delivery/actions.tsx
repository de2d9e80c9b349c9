import type { routing } from '@lienthong/contracts/json';
import { useState } from 'react';
import { type Key, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { type About, useLastingCommand } from '../../waiting/use-lasting-command.ts';
import { useWaiting } from '../../waiting/use-waiting.ts';
import { nextStatuses } from './next-statuses.ts';
import { ReportForm } from './report-form.tsx';

type Status = routing.DeliveryStatus;

const ACTIONS: Partial<Record<Status, { key: Key; look: string }>> = {
  DELIVERY_STATUS_ACCEPTED: { key: 'delivery.accept', look: 'button-main' },
  DELIVERY_STATUS_REFUSED: { key: 'delivery.refuse', look: 'button-danger' },
  DELIVERY_STATUS_ASSIGNED: { key: 'delivery.assign', look: '' },
  DELIVERY_STATUS_IN_PROGRESS: { key: 'delivery.progress', look: '' },
  DELIVERY_STATUS_DONE: { key: 'delivery.finish', look: 'button-main' },
  DELIVERY_STATUS_RECALL_AGREED: { key: 'delivery.agreeRecall', look: 'button-main' },
  DELIVERY_STATUS_RECALL_REFUSED: { key: 'delivery.refuseRecall', look: 'button-danger' },
};
/** With these something is written down first. */
const WITH_FORM: readonly Status[] = [
  'DELIVERY_STATUS_REFUSED',
  'DELIVERY_STATUS_ASSIGNED',
  'DELIVERY_STATUS_RECALL_REFUSED',
];

interface ActionsProps {
  delivery: routing.Delivery;
  /** Of its document. */
  subject: string;
  history: readonly routing.StatusEntry[];
}

/** What the recipient can do with a document now. */
export function DeliveryActions({ delivery, subject, history }: ActionsProps) {
  const { t } = useText();
  const [open, setOpen] = useState<Status>();
  const aboutOf = (status: Status): About => ({
    thing: delivery.id,
    act: ACTIONS[status]?.key ?? 'delivery.arrive',
    about: subject,
    path: `/van-ban-den/${delivery.id}`,
  });
  const report = useLastingCommand('routing.v1.DocumentRoutingService/ReportStatus');
  // Who registers a document has it: its arrival is reported first.
  const arrive = useLastingCommand('routing.v1.DocumentRoutingService/ReportStatus', () =>
    send('DELIVERY_STATUS_ACCEPTED'),
  );
  const send = (status: Status) => report.run({ deliveryId: delivery.id, status }, aboutOf(status));
  // As if what waits had gone out.
  const waits = useWaiting(delivery.id).at(-1)?.request as { status?: Status } | undefined;
  const now = waits?.status ?? delivery.status;
  const statuses = nextStatuses({ ...delivery, status: now }, history);

  function press(status: Status): void {
    if (WITH_FORM.includes(status)) setOpen(status);
    else if (status === 'DELIVERY_STATUS_ACCEPTED' && now === 'DELIVERY_STATUS_UNSPECIFIED')
      arrive.run(
        { deliveryId: delivery.id, status: 'DELIVERY_STATUS_ARRIVED' },
        aboutOf('DELIVERY_STATUS_ARRIVED'),
      );
    else send(status);
  }

  if (statuses.length === 0) return <p className="muted">{t('delivery.nothingToDo')}</p>;
  return (
    <div className="stack">
      {delivery.pending !== undefined && (
        <p className="note note-warn">{t('delivery.recallReason', { reason: delivery.pending.reason })}</p>
      )}
      <div className="row">
        {statuses.map((status) => {
          const action = ACTIONS[status];
          return (
            action && (
              <button
                key={status}
                type="button"
                className={`button ${action.look}`}
                disabled={report.running || arrive.running}
                onClick={() => press(status)}
              >
                {t(action.key)}
              </button>
            )
          );
        })}
      </div>
      <ProblemNote error={report.error ?? arrive.error} />
      {open !== undefined && (
        <ReportForm
          title={t(ACTIONS[open]?.key ?? 'delivery.finish')}
          delivery={delivery}
          status={open}
          about={aboutOf(open)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}
