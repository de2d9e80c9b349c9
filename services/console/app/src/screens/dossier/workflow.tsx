import type { casework, registry } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { durationText } from '../../text/duration.ts';
import { type Key, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** The procedure's workflow with what is done and what is under way; read when somebody opens it. */
export function Workflow({ dossier }: { dossier: casework.Dossier }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    ...query('registry.v1.ProcedureRegistryService/GetProcedure', { procedureId: dossier.procedureId }),
    enabled: open,
  });
  const root = data?.procedure?.definition?.workflow?.root;
  return (
    <details className="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('workflow.title')}</summary>
      <ProblemNote error={error} />
      {root !== undefined && <Way block={root} tasks={dossier.tasks} />}
    </details>
  );
}

interface BlockProps {
  block: registry.Block;
  tasks: readonly casework.Task[];
}

/** Blocks one after the other. */
const Way = (props: BlockProps) => (
  <ol className="way">
    <BlockItems {...props} />
  </ol>
);

function BlockItems({ block, tasks }: BlockProps) {
  const { t } = useText();
  const { key, step, sequence, parallel, consultation, choice, handOver, subProcedure } = block;
  if (sequence !== undefined)
    return sequence.blocks.map((one) => <BlockItems key={one.key} block={one} tasks={tasks} />);
  if (parallel !== undefined)
    return (
      <li className="fork">
        <p className="small muted">{t(JOINS[parallel.join])}</p>
        <div className="ways">
          {parallel.branches.map(
            ({ block: one, lead }) =>
              one && (
                <div key={one.key}>
                  {lead && <p className="small muted">{t('workflow.lead')}</p>}
                  <Way block={one} tasks={tasks} />
                </div>
              ),
          )}
        </div>
      </li>
    );
  if (choice !== undefined) {
    const ways = [...choice.cases.map(({ block: one }) => one), choice.otherwise];
    return (
      <li className="fork">
        <p className="small muted">{t('workflow.choice')}</p>
        <div className="ways">
          {ways.map((one) =>
            one === undefined ? (
              <p key="otherwise" className="small">
                {t('workflow.nothing')}
              </p>
            ) : (
              <Way key={one.key} block={one} tasks={tasks} />
            ),
          )}
        </div>
      </li>
    );
  }
  const work = step ?? consultation ?? handOver ?? subProcedure;
  if (work === undefined) return null;
  const state = stateOf(tasks, key);
  return (
    <li className="work" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span>{work.name}</span>
      <span className="row">
        {'timeLimit' in work && <span className="small muted">{durationText(work.timeLimit, t)}</span>}
        {state !== undefined && (
          <span className={`badge ${state === 'now' ? 'badge-accent' : 'badge-good'}`}>
            {t(state === 'now' ? 'workflow.now' : 'workflow.done')}
          </span>
        )}
      </span>
    </li>
  );
}

const JOINS: Record<registry.Join, Key> = {
  JOIN_UNSPECIFIED: 'workflow.joinAll',
  JOIN_ALL: 'workflow.joinAll',
  JOIN_LEAD: 'workflow.joinLead',
  JOIN_FIRST: 'workflow.joinFirst',
};

/** Undefined: it has not begun, or was sent back. */
function stateOf(tasks: readonly casework.Task[], key: string): 'now' | 'done' | undefined {
  const last = tasks.findLast(({ blockKey, state }) => blockKey === key && state !== 'TASK_STATE_CANCELLED');
  if (last?.state === 'TASK_STATE_OPEN') return 'now';
  return last?.state === 'TASK_STATE_COMPLETED' || last?.state === 'TASK_STATE_EXPIRED' ? 'done' : undefined;
}
