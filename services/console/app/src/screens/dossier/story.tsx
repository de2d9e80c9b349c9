import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** Everything that has happened to a dossier, newest first. */
export function Story({ dossierId }: { dossierId: string }) {
  const { t, language } = useText();
  const { data, error, refetch } = useQuery(query('casework.v1.CaseworkService/GetHistory', { dossierId }));
  return (
    <section className="panel stack" aria-labelledby="story">
      <h2 id="story">{t('dossier.story')}</h2>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      <ol className="timeline">
        {data?.entries.toReversed().map((entry) => (
          <li key={`${entry.at} ${entry.type} ${entry.taskNumber} ${entry.text}`}>
            <p>{entry.text}</p>
            <p className="small muted">
              {[entry.agencyName, entry.at && momentText(new Date(entry.at), language)]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {entry.dataChanges.map(({ key, label, before, after }) => (
              <p key={key} className="small">
                {t('dossier.dataChange', { label: label || key, before: before || '–', after: after || '–' })}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
