import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** How the deadline follows from the law and the calendar, step by step; read when somebody wants to know. */
export function DeadlineExplained({ dossierId, taskNumber = 0 }: { dossierId: string; taskNumber?: number }) {
  const { t, language } = useText();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    ...query('casework.v1.CaseworkService/ExplainDossierDeadline', { dossierId, taskNumber }),
    enabled: open,
  });
  return (
    <details className="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('dossier.howComputed')}</summary>
      <ProblemNote error={error} />
      <ol className="stack tight numbered">
        {data?.lines.map((line) => (
          <li key={`${line.kind} ${line.vi}`}>{language === 'vi' ? line.vi : line.en}</li>
        ))}
      </ol>
    </details>
  );
}
