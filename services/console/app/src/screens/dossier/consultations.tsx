import type { casework } from '@lienthong/contracts/json';
import { momentText } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { Deadline } from '../../ui/deadline.tsx';

const STATES: Partial<Record<casework.TaskState, { key: Key; tone: string }>> = {
  TASK_STATE_OPEN: { key: 'consult.open', tone: 'badge-warn' },
  TASK_STATE_COMPLETED: { key: 'consult.answered', tone: 'badge-good' },
  TASK_STATE_EXPIRED: { key: 'consult.unanswered', tone: 'badge-danger' },
};

/** Which agencies were consulted about a dossier, and what they have answered. */
export function Consultations({ tasks }: { tasks: readonly casework.Task[] }) {
  const { t, language } = useText();
  const consultations = tasks.flatMap((task) => {
    const state = task.kind === 'TASK_KIND_CONSULTATION' ? STATES[task.state] : undefined;
    return state === undefined ? [] : [{ ...task, shown: state }];
  });
  if (consultations.length === 0) return null;
  return (
    <section className="panel stack" aria-labelledby="consultations">
      <h2 id="consultations">{t('consult.title')}</h2>
      <ul className="stack">
        {consultations.map(
          ({ number, agency, state, shown, question, note, dueAt, dueProvisional, closedAt }) => (
            <li key={number} className="stack tight">
              <div className="row">
                <strong>{agency?.name}</strong>
                <span className={`badge ${shown.tone}`}>{t(shown.key)}</span>
                {state === 'TASK_STATE_OPEN' && dueAt !== undefined && (
                  <Deadline at={new Date(dueAt)} provisional={dueProvisional} />
                )}
                {closedAt !== undefined && (
                  <span className="small muted">{momentText(new Date(closedAt), language)}</span>
                )}
              </div>
              {question !== '' && <p className="muted lines">{question}</p>}
              {state === 'TASK_STATE_COMPLETED' && note !== '' && <p className="note lines">{note}</p>}
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
