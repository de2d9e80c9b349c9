import type { FormEvent } from 'react';
import type { Request } from '../../api/call.ts';
import { useMe } from '../../api/me.ts';
import { useColleagues } from '../../api/officers.ts';
import { useCommand } from '../../api/use-command.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextArea } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

type ReasonMethod =
  | 'casework.v1.CaseworkService/HandOverTask'
  | 'casework.v1.CaseworkService/ReturnTask'
  | 'casework.v1.CaseworkService/RefuseDossier';

interface ReasonFormProps<M extends ReasonMethod> {
  title: string;
  method: M;
  /** What the form adds its reason to. */
  request: Request<M>;
  /** An officer of the agency is chosen as well. */
  withOfficer?: boolean;
  onClose: () => void;
}

/** A change of a dossier that needs a reason. */
export function ReasonForm<M extends ReasonMethod>({
  title,
  method,
  request,
  withOfficer = false,
  onClose,
}: ReasonFormProps<M>) {
  const { t } = useText();
  const me = useMe();
  const colleagues = useColleagues();
  const change = useCommand(method, onClose);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    change.run({
      ...request,
      reason: text('reason'),
      ...(withOfficer && { officerId: text('officer') }),
    });
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {withOfficer && (
          <SelectField
            label={t('delivery.assignee')}
            name="officer"
            defaultValue=""
            error={change.errorOf('officer_id')}
          >
            <option value="">{t('field.choose')}</option>
            {colleagues
              .filter(({ id }) => id !== me?.officerId)
              .map(({ id, fullName, position }) => (
                <option key={id} value={id}>
                  {`${fullName}, ${position}`}
                </option>
              ))}
          </SelectField>
        )}
        <TextArea
          label={t('delivery.reason')}
          name="reason"
          maxLength={2_000}
          error={change.errorOf('reason')}
        />
        <ProblemNote error={change.error} shown={['reason', 'officer_id']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={change.running}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
