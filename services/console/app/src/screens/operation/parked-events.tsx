import type { operations } from '@lienthong/contracts/json';
import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { call } from '../../api/call.ts';
import { query, refresh } from '../../api/query-client.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useStatus } from './status.ts';
import { TILE_MS, Tile } from './tile.tsx';

/** Events that keep failing, with the error; the events of one aggregate are applied again in their order. */
export function ParkedEvents() {
  const { t } = useText();
  return (
    <Tile title={t('operation.parked')} found={useStatus()}>
      {({ consumers }) => {
        const names = consumers.filter(({ parked }) => parked !== '0').map(keyOf);
        return names.length === 0 ? (
          <p className="empty">{t('operation.noneParked')}</p>
        ) : (
          [...new Set(names)].map((name) => <OfConsumer key={name} name={name} />)
        );
      }}
    </Tile>
  );
}

/** A consumer reads several sources, and has one list. */
const keyOf = ({ service, name }: operations.ConsumerStatus): string => `${service}/${name}`;

function OfConsumer({ name }: { name: string }) {
  const { t } = useText();
  const [service = '', consumer = ''] = name.split('/');
  const found = useQuery({
    ...query('operations.v1.OperationsService/ListParkedEvents', { service, consumer, pageSize: 50 }),
    refetchInterval: TILE_MS,
  });
  return (
    <>
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      <ul className="list">
        {found.data?.events.map((event) => (
          <Parked key={event.eventId} event={event} />
        ))}
      </ul>
      {(found.data?.nextPageToken ?? '') !== '' && <p className="small muted">{t('operation.moreParked')}</p>}
    </>
  );
}

function Parked({ event }: { event: operations.ParkedEvent }) {
  const { t, language } = useText();
  const { service, consumer, aggregateId, type, error, parkedAt } = event;
  const replay = useMutation({
    mutationFn: () =>
      call('operations.v1.OperationsService/ReplayParkedEvents', { service, consumer, aggregateId }),
    onSettled: () => refresh('operations'),
  });
  return (
    <li className="item">
      <div className="stack tight">
        <span>{type.slice(type.lastIndexOf('.') + 1)}</span>
        <div className="about">
          <span>
            {service} / {consumer}
          </span>
          <span className="number">{aggregateId}</span>
          {parkedAt !== undefined && <span>{shortMoment(new Date(parkedAt), language)}</span>}
        </div>
        <p className="small">{error}</p>
        <ProblemNote error={replay.error} />
        {replay.data !== undefined && (
          <p role="status">
            {t('operation.replayed', {
              replayed: Number(replay.data.replayed),
              left: Number(replay.data.stillParked),
            })}
          </p>
        )}
      </div>
      <div className="side-info">
        <button type="button" className="button" disabled={replay.isPending} onClick={() => replay.mutate()}>
          <RotateCw size={16} className="icon" aria-hidden />
          {t('operation.replay')}
        </button>
      </div>
    </li>
  );
}
