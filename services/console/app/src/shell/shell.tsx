import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  Bell,
  Building2,
  ChartColumn,
  FolderPlus,
  Inbox,
  Languages,
  ListChecks,
  Menu,
  ScrollText,
  Send,
  Target,
} from 'lucide-react';
import { type ComponentType, useEffect, useState } from 'react';
import { NEW_DOCUMENTS } from '../../../src/first/calls.ts';
import { connected } from '../api/connection.ts';
import { followShown } from '../api/kept.ts';
import { leaving } from '../api/leaving.ts';
import { arrivals } from '../api/live.ts';
import { useMe, useOwner } from '../api/me.ts';
import { query, queryClient } from '../api/query-client.ts';
import { useSignal } from '../api/signal.ts';
import { type Key, speak, useText } from '../text/text.tsx';
import { openWaiting, waiting } from '../waiting/commands.ts';
import { Leaving } from './leaving.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { SignOut } from './sign-out.tsx';

interface Place {
  to: string;
  key: Key;
  icon: ComponentType<{ size: number; className: string; 'aria-hidden': boolean }>;
  /** Only for those who have the role. */
  role?: string;
}

const PLACES: readonly Place[] = [
  { to: '/van-ban-den', key: 'inbox.title', icon: Inbox },
  { to: '/van-ban-di', key: 'outbox.title', icon: Send },
  { to: '/nhiem-vu', key: 'directives.title', icon: Target },
  { to: '/viec', key: 'work.title', icon: ListChecks },
  { to: '/tiep-nhan', key: 'lodge.title', icon: FolderPlus },
  { to: '/thu-tuc', key: 'procedures.title', icon: ScrollText },
  { to: '/thong-bao', key: 'notifications.title', icon: Bell },
  { to: '/so-lieu', key: 'figures.place', icon: ChartColumn },
  { to: '/co-quan', key: 'agencies.title', icon: Building2 },
  { to: '/van-hanh', key: 'operation.title', icon: Activity, role: 'admin' },
];

const UNREAD_EVERY_MS = 60_000;

export const Shell = () => (useSignal(leaving) ? <Leaving /> : <Around />);

/** What is around every screen: where one can go, who is signed in, and whether the server is there. */
function Around() {
  const { t, language } = useText();
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const online = useSignal(connected);
  const count = useSignal(arrivals);
  const me = useMe();
  const owner = useOwner();
  useEffect(() => {
    if (owner === undefined) return;
    openWaiting(owner);
    return followShown(queryClient, owner);
  }, [owner]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes wherever the person goes.
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="shell">
      <a className="skip button" href="#main">
        {t('shell.skip')}
      </a>
      <header className="side" data-open={open}>
        <div className="bar">
          <Link className="brand" to="/van-ban-den">
            <Emblem />
            Liên Thông
          </Link>
          <button
            type="button"
            className="button button-plain menu-button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Menu size={18} className="icon" aria-hidden />
            {t('shell.menu')}
          </button>
        </div>
        <nav aria-label={t('shell.places')}>
          <ul>
            {PLACES.filter(({ role }) => role === undefined || me?.roles.includes(role)).map(
              ({ to, key, icon: Icon }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: false, includeSearch: false }}>
                    <Icon size={18} className="icon" aria-hidden />
                    {t(key)}
                    {to === '/van-ban-den' && <NewCount />}
                    {to === '/thong-bao' && <UnreadCount />}
                  </Link>
                </li>
              ),
            )}
          </ul>
        </nav>
        <div className="person">
          <strong>{me?.fullName}</strong>
          <span className="small muted">{me?.position}</span>
          <span className="small muted">{me?.agencyName}</span>
          <div className="row">
            <SignOut />
            <button
              type="button"
              className="button button-plain"
              lang={language === 'vi' ? 'en' : 'vi'}
              onClick={() => void speak(language === 'vi' ? 'en' : 'vi')}
            >
              <Languages size={16} className="icon" aria-hidden />
              {language === 'vi' ? 'English' : 'Tiếng Việt'}
            </button>
          </div>
        </div>
      </header>
      <div>
        {!online && (
          <p className="away" role="alert">
            {t('shell.away')}
          </p>
        )}
        <WaitingCount />
        <p className="hidden-text" role="status">
          {count > 0 ? t('shell.arrived', { count }) : ''}
        </p>
        <main className="main" id="main">
          <Outlet />
        </main>
      </div>
      <SignInAgain />
    </div>
  );
}

/** How many documents wait to be registered. */
function NewCount() {
  const { t } = useText();
  const { data } = useQuery(query('routing.v1.DocumentRoutingService/CountInbox', NEW_DOCUMENTS));
  const count = data?.counts.reduce((sum, one) => sum + one.count, 0) ?? 0;
  return <Count count={count} of={t('inbox.new')} />;
}

/** How many notifications are unread; they come a moment after what they are about, and no event says so. */
function UnreadCount() {
  const { t } = useText();
  const { data } = useQuery({
    ...query('notification.v1.NotificationService/CountUnread', {}),
    refetchInterval: UNREAD_EVERY_MS,
  });
  return <Count count={data?.count ?? 0} of={t('notifications.unread')} />;
}

/** What waits to be sent is always in sight. */
function WaitingCount() {
  const { t } = useText();
  const entries = useSignal(waiting);
  if (entries.length === 0) return null;
  const refused = entries.filter(({ value }) => value.refused !== undefined).length;
  return (
    <p className={refused > 0 ? 'away' : 'away away-calm'} role="status">
      <Link className="away-link" to="/cho-gui">
        {t('waiting.count', { count: entries.length, refused })}
      </Link>
    </p>
  );
}

function Count({ count, of }: { count: number; of: string }) {
  if (count === 0) return null;
  return (
    <span className="badge badge-accent count">
      {count}
      <span className="hidden-text">{of}</span>
    </span>
  );
}
const Emblem = () => (
  <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" className="icon">
    <rect width="32" height="32" rx="7" fill="#0b4a86" />
    <path
      d="M9 12.5A4.500 4.500 0 0 1 13.500 8H16m7 11.500a4.500 4.500 0 0 1-4.500 4.500H16M12.500 20.500l7-9"
      fill="none"
      stroke="#fff"
      strokeWidth="2.600"
      strokeLinecap="round"
    />
    <circle cx="21" cy="9.500" r="3" fill="#ffd24a" />
    <circle cx="11" cy="22" r="3" fill="#ffd24a" />
  </svg>
);
