import type { notification } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { type Key, type Translate, useText } from '../../text/text.tsx';
import { TILE_MS, Tile } from './tile.tsx';

const NAMES: Partial<Record<notification.MessageChannel, Key>> = {
  MESSAGE_CHANNEL_IN_APP: 'channel.inApp',
  MESSAGE_CHANNEL_EMAIL: 'channel.email',
  MESSAGE_CHANNEL_SMS: 'channel.sms',
  MESSAGE_CHANNEL_WEBHOOK: 'channel.webhook',
};

/** Whether messages go out. */
export function Channels() {
  const { t } = useText();
  const found = useQuery({
    ...query('notification.v1.NotificationOperationsService/GetChannelStatus', {}),
    refetchInterval: TILE_MS,
  });
  return (
    <Tile title={t('operation.channels')} found={found}>
      {({ channels }) => (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('operation.channel')}</th>
                <th scope="col">{t('operation.state')}</th>
                <th scope="col" className="number">
                  {t('operation.waiting')}
                </th>
                <th scope="col" className="number">
                  {t('operation.failed')}
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <tr key={channel.channel}>
                  <th scope="row">{t(NAMES[channel.channel] ?? 'channel.webhook')}</th>
                  <td>
                    <State channel={channel} t={t} />
                  </td>
                  <td className="number">{channel.pending}</td>
                  <td className="number">{channel.failed}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Tile>
  );
}

function State({ channel, t }: { channel: notification.ChannelStatus; t: Translate }) {
  if (!channel.configured) return <span className="badge">{t('operation.notConfigured')}</span>;
  return channel.circuitOpen ? (
    <span className="badge badge-danger">{t('operation.providerAway')}</span>
  ) : (
    <span className="badge badge-good">{t('operation.well')}</span>
  );
}
