import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { query } from '../../api/query-client.ts';
import { nameOf } from '../../text/agency.ts';
import { dateText, nextDate } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** From which agencies this one's work comes, and to which it went, oldest first. */
export function Lineage({ agencyId }: { agencyId: string }) {
  const { t, language } = useText();
  const { data, error, refetch } = useQuery(
    query('directory.v1.AgencyDirectoryService/GetLineage', { agencyId }),
  );
  const successions = data?.successions ?? [];
  if (error === null && successions.length === 0) return null;
  const agencies = new Map(data?.agencies.map((agency) => [agency.id, agency]));
  const link = (id: string, date: string) => {
    const agency = agencies.get(id);
    return (
      agency !== undefined && (
        <Link to="/co-quan/$agencyId" params={{ agencyId: id }}>
          {nameOf(agency, date)}
        </Link>
      )
    );
  };
  return (
    <section className="panel stack" aria-labelledby="lineage">
      <h2 id="lineage">{t('lineage.title')}</h2>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      <ol className="timeline">
        {successions.map(({ predecessorId, successorId, effectiveOn, legalBasis, whole }) => (
          <li key={`${predecessorId} ${successorId} ${effectiveOn}`}>
            {/* The name that it had until then. */}
            <p>
              {link(predecessorId, nextDate(effectiveOn, -1))} → {link(successorId, effectiveOn)}
            </p>
            <p className="small muted">
              {[dateText(effectiveOn, language), legalBasis, !whole && t('lineage.part')]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
