import { type FormEvent, useState } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { DecisionFields, decisionFieldNames, decisionOf, UNDECIDED } from './decision-fields.tsx';
import { Running } from './running.tsx';

interface EndFormProps {
  procedureId: string;
  onClose: () => void;
}

/** Ends a procedure on a day. */
export function RepealForm({ procedureId, code, onClose }: EndFormProps & { code: string }) {
  const { t } = useText();
  const [decided, setDecided] = useState(UNDECIDED);
  const repeal = useCommand('registry.v1.ProcedureRegistryService/RepealProcedure', onClose);

  function submit(event: FormEvent): void {
    event.preventDefault();
    repeal.run({ procedureId, endedOn: decided.day, decision: decisionOf(decided) });
  }

  return (
    <Dialog title={t('procedure.repeal')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <DecisionFields
          decided={decided}
          dayField="ended_on"
          dayLabel="procedure.endedOn"
          command={repeal}
          onChange={(more) => setDecided({ ...decided, ...more })}
        />
        <p className="note">{t('procedure.effectRepeal')}</p>
        <Running code={code} procedureId={procedureId} />
        <ProblemNote error={repeal.error} shown={decisionFieldNames('ended_on')} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-danger" disabled={repeal.running}>
            {t('procedure.repeal')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Takes no new dossiers in, at once. */
export function SuspendForm({ procedureId, onClose }: EndFormProps) {
  const { t } = useText();
  const [reason, setReason] = useState('');
  const suspend = useCommand('registry.v1.ProcedureRegistryService/SuspendProcedure', onClose);

  function submit(event: FormEvent): void {
    event.preventDefault();
    suspend.run({ procedureId, reason: reason.trim() });
  }

  return (
    <Dialog title={t('procedure.suspend')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextArea
          label={t('procedure.suspendReason')}
          required
          maxLength={500}
          value={reason}
          error={suspend.errorOf('reason')}
          onChange={({ target }) => setReason(target.value)}
        />
        <ProblemNote error={suspend.error} shown={['reason']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-danger" disabled={suspend.running}>
            {t('procedure.suspend')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
