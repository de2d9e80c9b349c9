import type { registry } from '@lienthong/contracts/json';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useReasons } from '../../text/reason.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { DecisionFields, decisionFieldNames, decisionOf, UNDECIDED } from './decision-fields.tsx';
import { Running } from './running.tsx';
import { isError } from './use-check.ts';

interface PublishFormProps {
  procedureId: string;
  revision: number;
  /** The version whose place it takes; 0: none. */
  beforeVersion: number;
  /** Of that version, '' without one, and the code of both. */
  beforeId: string;
  code: string;
  onClose: () => void;
  onDone: () => void;
}

/** Checks a draft that is saved, and publishes it by a decision. */
export function PublishForm(props: PublishFormProps) {
  const { procedureId, revision, beforeVersion, beforeId, code, onClose, onDone } = props;
  const { t } = useText();
  const reasonText = useReasons();
  const [decided, setDecided] = useState(UNDECIDED);
  const [problems, setProblems] = useState<readonly registry.Problem[]>([]);
  const publish = useCommand('registry.v1.ProcedureRegistryService/PublishProcedure', onDone);
  const validate = useCommand('registry.v1.ProcedureRegistryService/ValidateProcedure', (reply) => {
    const errors = reply.problems.filter(isError);
    setProblems(errors);
    if (errors.length > 0) return;
    publish.run({ procedureId, revision, effectiveOn: decided.day, decision: decisionOf(decided) });
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    publish.forget();
    validate.run({ procedureId });
  }

  return (
    <Dialog title={t('procedure.publish')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <DecisionFields
          decided={decided}
          dayField="effective_on"
          dayLabel="procedure.effectiveOn"
          command={publish}
          onChange={(more) => setDecided({ ...decided, ...more })}
        />
        <p className="note">
          {beforeVersion === 0
            ? t('procedure.effectFirst')
            : t('procedure.effectNext', { version: beforeVersion })}
        </p>
        {beforeId !== '' && <Running code={code} procedureId={beforeId} />}
        {problems.length > 0 && (
          <div className="note note-danger stack tight" role="alert">
            {problems.map(({ reason, place, message }) => (
              <p key={`${reason} ${place}`}>
                <code>{place}</code> {reasonText(reason, message)}
              </p>
            ))}
          </div>
        )}
        <ProblemNote error={validate.error} />
        <ProblemNote error={publish.error} shown={decisionFieldNames('effective_on')} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={validate.running || publish.running}>
            {t('procedure.publish')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
