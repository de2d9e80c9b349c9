import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { daysLeft, type ServiceState } from './every-service.ts';
import { useStatus } from './status.ts';
import { Tile } from './tile.tsx';

/** From so many days on a certificate is to be renewed. */
const NEAR_DAYS = 14;

/** Whether each service replies, what runs there, and for how long its certificate is good. */
export function Services() {
  const { t, language } = useText();
  return (
    <Tile title={t('operation.services')} found={useStatus()}>
      {({ services }) => (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('operation.service')}</th>
                <th scope="col">{t('operation.state')}</th>
                <th scope="col">{t('operation.version')}</th>
                <th scope="col">{t('operation.since')}</th>
                <th scope="col">{t('operation.certificate')}</th>
              </tr>
            </thead>
            <tbody>
              {services.map((one) => (
                <tr key={one.service}>
                  <th scope="row">{one.service}</th>
                  <td>
                    <State state={one.state} />
                  </td>
                  <td className="number">{one.program?.version}</td>
                  <td>
                    {one.program?.startedAt === undefined
                      ? ''
                      : shortMoment(new Date(one.program.startedAt), language)}
                  </td>
                  <td>
                    <CertificateEnd expiresAt={one.program?.certificateExpiresAt} />
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

function State({ state }: Pick<ServiceState, 'state'>) {
  const { t } = useText();
  if (state === 'waiting') return t('list.loading');
  return state === 'running' ? (
    <span className="badge badge-good">{t('operation.running')}</span>
  ) : (
    <span className="badge badge-danger">{t('operation.away')}</span>
  );
}

function CertificateEnd({ expiresAt }: { expiresAt: string | undefined }) {
  const { t } = useText();
  const days = daysLeft(expiresAt);
  if (days === undefined) return null;
  const text = t('operation.daysLeft', { days });
  return days < NEAR_DAYS ? <span className="badge badge-danger">{text}</span> : text;
}
