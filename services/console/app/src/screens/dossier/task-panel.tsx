import type { casework } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { useColleagues } from '../../api/officers.ts';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { Deadline } from '../../ui/deadline.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useLastingCommand } from '../../waiting/use-lasting-command.ts';
import { useWaiting } from '../../waiting/use-waiting.ts';
import { aboutOf } from './about.ts';
import { returnsOf } from './steps.ts';
import { type Form, TaskForm } from './task-form.tsx';

interface TaskPanelProps {
  dossier: casework.Dossier;
  task: casework.Task;
}

/** With these a task leaves the officer. */
const ENDING = ['/AcceptDossier', '/CompleteTask', '/HandOverTask', '/RefuseDossier', '/ReturnTask'];

/** Work of the person's agency on a dossier, and what can be done with it now. */
export function TaskPanel({ dossier, task }: TaskPanelProps) {
  const { t } = useText();
  const me = useMe();
  const colleagues = useColleagues();
  const [form, setForm] = useState<Form>();
  const claim = useLastingCommand('casework.v1.CaseworkService/ClaimTask');
  const accept = useLastingCommand('casework.v1.CaseworkService/AcceptDossier');
  const { data } = useQuery(
    query('registry.v1.ProcedureRegistryService/GetProcedure', { procedureId: dossier.procedureId }),
  );
  const definition = data?.procedure?.definition;
  const returns = definition === undefined ? [] : returnsOf(definition, task.blockKey);
  const place = { dossierId: dossier.id, taskNumber: task.number };
  const id = `task-${task.number}`;
  const assignee = colleagues.find((one) => one.id === task.assigneeId);
  const isIntake = task.kind === 'TASK_KIND_INTAKE';
  // As if what waits had gone out.
  const waits = useWaiting(dossier.id).filter(
    ({ request }) => ((request as { taskNumber?: number }).taskNumber ?? task.number) === task.number,
  );
  const isClaimed = waits.some(({ method }) => method.endsWith('/ClaimTask'));
  const isOver = waits.some(({ method }) => ENDING.some((one) => method.endsWith(one)));
  const isFree = task.assigneeId === '' && !isClaimed;
  const isMine = isClaimed || (task.assigneeId !== '' && task.assigneeId === me?.officerId);
  const running = claim.running || accept.running;
  return (
    <section className="panel stack" aria-labelledby={id}>
      <div className="row spread">
        <h2 id={id}>{task.name || t('task.intake')}</h2>
        {task.dueAt !== undefined && <Deadline at={new Date(task.dueAt)} provisional={task.dueProvisional} />}
      </div>
      <p className="muted">
        {task.assigneeId === ''
          ? t('task.unassigned')
          : t('task.assignedTo', { name: assignee?.fullName ?? t('task.otherOfficer') })}
      </p>
      {task.question !== '' && <p className="note lines">{task.question}</p>}
      {task.note !== '' && <p className="note lines">{task.note}</p>}
      <div className="row no-print">
        {isIntake && !isOver && (
          <>
            <button
              type="button"
              className="button button-main"
              disabled={running}
              onClick={() => accept.run({ dossierId: dossier.id }, aboutOf(dossier, 'task.accept'))}
            >
              {t('task.accept')}
            </button>
            <button type="button" className="button button-danger" onClick={() => setForm('refuse')}>
              {t('task.refuse')}
            </button>
          </>
        )}
        {!isIntake && isFree && (
          <button
            type="button"
            className="button button-main"
            disabled={running}
            onClick={() => claim.run(place, aboutOf(dossier, 'task.claim'))}
          >
            {t('task.claim')}
          </button>
        )}
        {!isIntake && me?.roles.includes('leader') && (
          <button type="button" className="button" onClick={() => setForm('assign')}>
            {t('task.assign')}
          </button>
        )}
        {!isIntake && isMine && !isOver && (
          <>
            <button type="button" className="button button-main" onClick={() => setForm('complete')}>
              {t(task.kind === 'TASK_KIND_CONSULTATION' ? 'task.answer' : 'task.complete')}
            </button>
            <button type="button" className="button" onClick={() => setForm('hand-over')}>
              {t('task.handOver')}
            </button>
            {task.kind === 'TASK_KIND_STEP' && (
              <button type="button" className="button" onClick={() => setForm('consult')}>
                {t('task.consult')}
              </button>
            )}
            {returns.length > 0 && (
              <button type="button" className="button" onClick={() => setForm('return')}>
                {t('task.return')}
              </button>
            )}
          </>
        )}
      </div>
      <ProblemNote error={claim.error ?? accept.error} />
      {form !== undefined && (
        <TaskForm
          form={form}
          dossier={dossier}
          task={task}
          returns={returns}
          onClose={() => setForm(undefined)}
        />
      )}
    </section>
  );
}
