import type { notification } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { type Key, type Translate, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
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
        <>
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
          {channels.some(({ failed }) => failed !== '0') && <Resend />}
        </>
      )}
    </Tile>
  );
}

/** Sends again what failed on any channel. */
function Resend() {
  const { t } = useText();
  const [resent, setResent] = useState<number>();
  const command = useCommand('notification.v1.NotificationOperationsService/ResendFailed', (reply) =>
    setResent(reply.resent),
  );
  return (
    <div className="stack tight">
      <ProblemNote error={command.error} />
      {resent !== undefined && <p role="status">{t('operation.resent', { count: resent })}</p>}
      <div>
        <button type="button" className="button" disabled={command.running} onClick={() => command.run({})}>
          <RotateCw size={16} className="icon" aria-hidden />
          {t('operation.resendFailed')}
        </button>
      </div>
    </div>
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
