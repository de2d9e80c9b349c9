import type { casework } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useLastingCommand } from '../../waiting/use-lasting-command.ts';
import { aboutOf } from './about.ts';
import { resultsOf } from './steps.ts';

interface CompleteFormProps {
  dossier: casework.Dossier;
  task: casework.Task;
  onClose: () => void;
}

/** Ends a task with one of its outcomes, and with the results that its step makes. */
export function CompleteForm({ dossier, task, onClose }: CompleteFormProps) {
  const { t } = useText();
  const complete = useLastingCommand('casework.v1.CaseworkService/CompleteTask', onClose);
  const { data } = useQuery(
    query('registry.v1.ProcedureRegistryService/GetProcedure', { procedureId: dossier.procedureId }),
  );
  const definition = data?.procedure?.definition;
  const results = definition === undefined ? [] : resultsOf(definition, task.blockKey);

  const answers = task.kind === 'TASK_KIND_CONSULTATION';
  const title = t(answers ? 'task.answer' : 'task.complete');

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const made = results.flatMap(({ key, name }) => {
      const number = text(`result ${key}`);
      return number === '' ? [] : [{ key, name, number }];
    });
    complete.run(
      {
        dossierId: dossier.id,
        taskNumber: task.number,
        outcome: text('outcome'),
        note: text('note'),
        results: made,
      },
      aboutOf(dossier, answers ? 'task.answer' : 'task.complete'),
    );
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {task.outcomes.length > 1 && (
          <SelectField label={t('task.outcome')} name="outcome" error={complete.errorOf('outcome')}>
            {task.outcomes.map(({ key, name }) => (
              <option key={key} value={key}>
                {name || key}
              </option>
            ))}
          </SelectField>
        )}
        {results.map(({ key, name }) => (
          <TextField
            key={key}
            label={t('task.resultNumber', { name })}
            help={t('task.resultHelp')}
            name={`result ${key}`}
            maxLength={100}
            error={complete.errorOf('results')}
          />
        ))}
        <TextArea
          label={t(answers ? 'task.opinion' : 'task.note')}
          name="note"
          maxLength={2_000}
          error={complete.errorOf('note')}
        />
        <ProblemNote error={complete.error} shown={['outcome', 'note', 'results']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={complete.running}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
