import { useText } from '../../text/text.tsx';
import { useStatus } from './status.ts';
import { Tile } from './tile.tsx';

/** Who reads events, and how far behind; those with something to do stand first. */
export function Consumers() {
  const { t } = useText();
  return (
    <Tile title={t('operation.consumers')} found={useStatus()}>
      {({ consumers }) => (
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
              {consumers
                .toSorted((a, b) => Number(b.parked) - Number(a.parked) || Number(b.lag) - Number(a.lag))
                .map(({ service, name, source, lag, parked }) => (
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
      )}
    </Tile>
  );
}
