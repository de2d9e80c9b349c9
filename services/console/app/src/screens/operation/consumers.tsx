import type { operations } from '@lienthong/contracts/json';
import { useText } from '../../text/text.tsx';
import { useStatus } from './status.ts';
import { Tile } from './tile.tsx';

type Consumer = operations.ConsumerStatus;

/** Who reads events, and how far behind: those that lag or have parked events, and all on request. */
export function Consumers() {
  const { t } = useText();
  return (
    <Tile title={t('operation.consumers')} found={useStatus()}>
      {({ consumers }) => {
        const behind = consumers
          .filter(({ parked, lag }) => parked !== '0' || lag !== '0')
          .toSorted((a, b) => Number(b.parked) - Number(a.parked) || Number(b.lag) - Number(a.lag));
        return (
          <>
            {behind.length === 0 ? (
              <p className="empty">{t('operation.consumersWell')}</p>
            ) : (
              <Table consumers={behind} />
            )}
            <details>
              <summary>{t('operation.allConsumers', { count: consumers.length })}</summary>
              <Table consumers={consumers} />
            </details>
          </>
        );
      }}
    </Tile>
  );
}

function Table({ consumers }: { consumers: readonly Consumer[] }) {
  const { t } = useText();
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('operation.consumer')}</th>
            <th scope="col">{t('operation.source')}</th>
            <th scope="col" className="number">
              {t('operation.lag')}
            </th>
            <th scope="col" className="number">
              {t('operation.parkedCount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {consumers.map(({ service, name, source, lag, parked }) => (
            <tr key={`${service} ${name} ${source}`}>
              <th scope="row">
                {service} / {name}
              </th>
              <td>{source}</td>
              <td className="number">{lag}</td>
              <td className="number">
                {parked === '0' ? '0' : <span className="badge badge-danger">{parked}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
