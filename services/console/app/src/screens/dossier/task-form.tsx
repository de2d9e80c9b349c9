import type { casework } from '@lienthong/contracts/json';
import { useText } from '../../text/text.tsx';
import { type ActField, type NamedStep, NEEDED_REASON, OFFICER, REASON } from '../../ui/act-field.tsx';
import { aboutOf } from './about.ts';
import { ActForm } from './act-form.tsx';
import { CompleteForm } from './complete-form.tsx';
import { ConsultForm } from './consult-form.tsx';

export type Form = 'assign' | 'complete' | 'consult' | 'hand-over' | 'return' | 'refuse';

interface TaskFormProps {
  form: Form;
  dossier: casework.Dossier;
  task: casework.Task;
  /** Steps that the task's one may be sent back to. */
  returns: readonly NamedStep[];
  onClose: () => void;
}

/** What is written down with a change of a task. */
export function TaskForm({ form, dossier, task, returns, onClose }: TaskFormProps) {
  const { t } = useText();
  const place = { dossierId: dossier.id, taskNumber: task.number };
  switch (form) {
    case 'complete':
      return <CompleteForm dossier={dossier} task={task} onClose={onClose} />;
    case 'consult':
      return <ConsultForm {...place} onClose={onClose} />;
    case 'assign':
      return (
        <ActForm
          title={t('task.assign')}
          method="casework.v1.CaseworkService/AssignTask"
          about={aboutOf(dossier, 'task.assign')}
          request={place}
          fields={[OFFICER]}
          onClose={onClose}
        />
      );
    case 'hand-over':
      return (
        <ActForm
          title={t('task.handOver')}
          method="casework.v1.CaseworkService/HandOverTask"
          about={aboutOf(dossier, 'task.handOver')}
          request={place}
          fields={[OFFICER, REASON]}
          onClose={onClose}
        />
      );
    case 'return':
      return (
        <ActForm
          title={t('task.return')}
          method="casework.v1.CaseworkService/ReturnTask"
          about={aboutOf(dossier, 'task.return')}
          request={place}
          fields={returns.length > 1 ? [stepOf(returns), NEEDED_REASON] : [NEEDED_REASON]}
          onClose={onClose}
        />
      );
    case 'refuse':
      return (
        <ActForm
          title={t('task.refuse')}
          method="casework.v1.CaseworkService/RefuseDossier"
          about={aboutOf(dossier, 'task.refuse')}
          request={{ dossierId: dossier.id }}
          fields={[NEEDED_REASON]}
          onClose={onClose}
        />
      );
  }
}

const stepOf = (steps: readonly NamedStep[]): ActField => ({
  name: 'to',
  label: 'task.returnTo',
  kind: 'step',
  steps,
  required: true,
});
