import type { routing } from '@lienthong/contracts/json';
import type { FormEvent } from 'react';
import { useColleagues } from '../../api/officers.ts';
import { useText } from '../../text/text.tsx';
import { type ActField, NEEDED_REASON, OFFICER, REASON, useActFields } from '../../ui/act-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextArea } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { type About, useLastingCommand } from '../../waiting/use-lasting-command.ts';

interface ReportFormProps {
  title: string;
  delivery: routing.Delivery;
  status: routing.DeliveryStatus;
  about: About;
  onClose: () => void;
}

const ASSIGNING: readonly ActField[] = [{ ...OFFICER, name: 'assignee' }, REASON];

/** A status for which the platform needs a reason, or the officer who is to deal with it. */
export function ReportForm({ title, delivery, status, about, onClose }: ReportFormProps) {
  const { t } = useText();
  const report = useLastingCommand('routing.v1.DocumentRoutingService/ReportStatus', onClose);
  const assigns = status === 'DELIVERY_STATUS_ASSIGNED';
  const filled = useActFields(assigns ? ASSIGNING : [NEEDED_REASON]);
  const errorOf = (name: string) => filled.errorOf(name) ?? report.errorOf(name);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = filled.read(event.currentTarget);
    if (values !== undefined) report.run({ deliveryId: delivery.id, status, ...values }, about);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {assigns && <Assignee error={errorOf('assignee')} />}
        <TextArea
          label={t(assigns ? 'delivery.instruction' : 'delivery.reason')}
          name="reason"
          maxLength={500}
          help={assigns ? undefined : t('delivery.reasonHelp')}
          error={errorOf('reason')}
        />
        <ProblemNote error={report.error} shown={['reason', 'assignee']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={report.running}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** One of the officers of the agency. */
function Assignee({ error }: { error: string | undefined }) {
  const { t } = useText();
  const colleagues = useColleagues();
  return (
    <SelectField label={t('delivery.assignee')} name="assignee" defaultValue="" error={error}>
      <option value="">{t('field.choose')}</option>
      {colleagues.map(({ id, fullName, position }) => (
        <option key={id} value={`${fullName} (${position})`}>
          {`${fullName}, ${position}`}
        </option>
      ))}
    </SelectField>
  );
}
