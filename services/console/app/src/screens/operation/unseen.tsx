import type { casework, routing } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useId } from 'react';
import { query } from '../../api/query-client.ts';
import { shortMoment } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { AgencyName } from './agency-name.tsx';
import { useStatus } from './status.ts';
import { Part, TILE_MS } from './tile.tsx';
import { withoutReader } from './without-reader.ts';

const REASONS: Partial<Record<casework.StrandedReason, Key>> = {
  STRANDED_REASON_NO_AGENCY: 'operation.noAgency',
  STRANDED_REASON_NO_OFFICER: 'operation.noOfficer',
};

/** What is open and in nobody's list, so that nobody would miss it. */
export function Unseen() {
  const { t } = useText();
  const id = useId();
  return (
    <section className="panel stack tight" aria-labelledby={id}>
      <h2 id={id}>{t('operation.unseen')}</h2>
      <Work />
      <Deliveries />
      <Events />
    </section>
  );
}

function Work() {
  const { t, language } = useText();
  const found = useQuery({
    ...query('casework.v1.WorkOperationsService/ListStrandedWork', {}),
    refetchInterval: TILE_MS,
  });
  const line = ({ agencyId, reason, tasks, earliestDueAt }: casework.StrandedWork) => (
    <li key={agencyId}>
      <AgencyName agencyId={agencyId} />: {t('operation.strandedTasks', { count: Number(tasks) })}
      {earliestDueAt !== undefined &&
        `, ${t('operation.firstDue', { at: shortMoment(new Date(earliestDueAt), language) })}`}
      {'. '}
      {t(REASONS[reason] ?? 'operation.noAgency')}
    </li>
  );
  return (
    <Part title={t('operation.unseenWork')} found={found}>
      {({ work }) => <Lines lines={work.map(line)} />}
    </Part>
  );
}

function Deliveries() {
  const { t, language } = useText();
  const found = useQuery({
    ...query('routing.v1.DocumentOperationsService/ListStrandedDeliveries', {}),
    refetchInterval: TILE_MS,
  });
  const line = ({ agencyId, deliveries, oldestSentAt }: routing.StrandedDeliveries) => (
    <li key={agencyId}>
      <AgencyName agencyId={agencyId} />: {t('operation.strandedDeliveries', { count: Number(deliveries) })}
      {oldestSentAt !== undefined &&
        `, ${t('operation.oldest', { at: shortMoment(new Date(oldestSentAt), language) })}`}
    </li>
  );
  return (
    <Part title={t('operation.unseenDeliveries')} found={found}>
      {({ agencies }) => <Lines lines={agencies.map(line)} />}
    </Part>
  );
}

function Events() {
  const { t } = useText();
  return (
    <Part title={t('operation.unseenEvents')} found={useStatus()}>
      {(status) => <Lines lines={withoutReader(status).map((source) => <li key={source}>{source}</li>)} />}
    </Part>
  );
}

function Lines({ lines }: { lines: readonly ReactElement[] }) {
  const { t } = useText();
  return lines.length === 0 ? (
    <p className="small muted">{t('operation.nothingUnseen')}</p>
  ) : (
    <ul className="stack tight small">{lines}</ul>
  );
}
