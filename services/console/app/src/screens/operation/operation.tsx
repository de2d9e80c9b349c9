import { Link } from '@tanstack/react-router';
import { Waypoints } from 'lucide-react';
import { useText } from '../../text/text.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Channels } from './channels.tsx';
import { Consumers } from './consumers.tsx';
import { Logs } from './logs.tsx';
import { ParkedEvents } from './parked-events.tsx';
import { Services } from './services.tsx';
import { Unseen } from './unseen.tsx';
import { Webhooks } from './webhooks.tsx';

/** How the platform is, for its operators. Each tile reads for itself, and fails alone. */
export function Operation() {
  const { t } = useText();
  return (
    <Screen
      title={t('operation.title')}
      actions={
        <Link className="button" to="/van-hanh/vet">
          <Waypoints size={16} className="icon" aria-hidden />
          {t('traces.title')}
        </Link>
      }
    >
      <div className="tiles">
        <Services />
        <Logs />
        <Consumers />
        <ParkedEvents />
        <Channels />
        <Webhooks />
        <Unseen />
      </div>
    </Screen>
  );
}
