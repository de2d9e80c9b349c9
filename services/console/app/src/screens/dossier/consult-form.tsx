import { type FormEvent, useState } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { nameOf } from '../../text/agency.ts';
import { momentOf } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { type Chosen, ChosenAgencies } from '../../ui/chosen-agencies.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldGroup, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

interface ConsultFormProps {
  dossierId: string;
  taskNumber: number;
  onClose: () => void;
}

/** Agencies that are consulted about a dossier, what they are consulted about, and until when. */
export function ConsultForm({ dossierId, taskNumber, onClose }: ConsultFormProps) {
  const { t } = useText();
  const [chosen, setChosen] = useState<Chosen>({});
  const consult = useCommand('casework.v1.CaseworkService/RequestConsultation', onClose);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const dueAt = momentOf(text('dueAt'));
    consult.run({
      dossierId,
      taskNumber,
      agencyIds: Object.keys(chosen),
      question: text('question'),
      ...(dueAt && { dueAt }),
    });
  }

  return (
    <Dialog title={t('task.consult')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <FieldGroup label={t('consult.agencies')} error={consult.errorOf('agency_ids')}>
          <ChosenAgencies
            chosen={chosen}
            onDrop={(agencyId) => setChosen(({ [agencyId]: _, ...others }) => others)}
          />
          <AgencySearch
            onChoose={(agency) => setChosen((before) => ({ ...before, [agency.id]: nameOf(agency) }))}
          />
        </FieldGroup>
        <TextArea
          label={t('consult.question')}
          name="question"
          maxLength={2_000}
          error={consult.errorOf('question')}
        />
        <TextField
          label={t('consult.dueAt')}
          type="datetime-local"
          name="dueAt"
          error={consult.errorOf('due_at')}
        />
        <ProblemNote error={consult.error} shown={['agency_ids', 'question', 'due_at']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={consult.running}>
            {t('task.consult')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
