import { useText } from '../../text/text.tsx';
import { useStatus } from './status.ts';
import { Tile } from './tile.tsx';

/** The events of each service: how many wait to be published, and why a relay has stopped. */
export function Logs() {
  const { t } = useText();
  return (
    <Tile title={t('operation.logs')} found={useStatus()}>
      {({ logs }) => (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('operation.source')}</th>
                <th scope="col" className="number">
                  {t('operation.unpublished')}
                </th>
                <th scope="col">{t('operation.state')}</th>
              </tr>
            </thead>
            <tbody>
              {logs.map(({ source, sequenced, published, halted, streamUnreachable }) => (
                <tr key={source}>
                  <th scope="row">{source}</th>
                  <td className="number">{String(BigInt(sequenced) - BigInt(published))}</td>
                  <td>
                    {halted === '' && !streamUnreachable && (
                      <span className="badge badge-good">{t('operation.well')}</span>
                    )}
                    {streamUnreachable && (
                      <span className="badge badge-danger">{t('operation.streamUnreachable')}</span>
                    )}
                    {halted !== '' && (
                      <>
                        <span className="badge badge-danger">{t('operation.halted')}</span> {halted}
                      </>
                    )}
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
