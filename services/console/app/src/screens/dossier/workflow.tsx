import type { casework } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { type BlockState, Way } from '../../ui/way.tsx';

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
      {root !== undefined && <Way block={root} stateOf={(key) => stateOf(dossier.tasks, key)} />}
    </details>
  );
}

/** Undefined: it has not begun, or was sent back. */
function stateOf(tasks: readonly casework.Task[], key: string): BlockState | undefined {
  const last = tasks.findLast(({ blockKey, state }) => blockKey === key && state !== 'TASK_STATE_CANCELLED');
  if (last?.state === 'TASK_STATE_OPEN') return 'now';
  return last?.state === 'TASK_STATE_COMPLETED' || last?.state === 'TASK_STATE_EXPIRED' ? 'done' : undefined;
}
