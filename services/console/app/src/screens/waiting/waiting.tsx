import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { connected } from '../../api/connection.ts';
import { useSignal } from '../../api/signal.ts';
import { momentText } from '../../text/dates.ts';
import { useReasons } from '../../text/reason.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Screen } from '../../ui/screen.tsx';
import { giveUp, sendAgain, waiting } from '../../waiting/commands.ts';
import type { Entry } from '../../waiting/types.ts';

/** What the person has done that the platform does not know yet, or does not take. */
export function WaitingScreen() {
  const { t } = useText();
  const entries = useSignal(waiting);
  const online = useSignal(connected);
  return (
    <Screen title={t('waiting.title')}>
      <p className="muted">{t(online ? 'waiting.help' : 'waiting.helpAway')}</p>
      {entries.length === 0 ? (
        <p className="empty panel">{t('waiting.none')}</p>
      ) : (
        <ol className="list">
          {entries.map((entry) => (
            <WaitingItem key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </Screen>
  );
}

/** What people type at length: it can be copied from here when the command is refused. */
const TYPED = ['content', 'reason', 'note'];

function WaitingItem({ entry }: { entry: Entry }) {
  const { t, language } = useText();
  const reasonText = useReasons();
  const [asks, setAsks] = useState(false);
  const { act, about, path, at, request, refused } = entry.value;
  const typed = Object.entries(request).flatMap(([name, value]) =>
    TYPED.includes(name) && value ? [String(value)] : [],
  );
  const reasons =
    refused === undefined
      ? []
      : refused.violations.length > 0
        ? refused.violations.map(({ reason, description }) => reasonText(reason, description))
        : [reasonText(refused.reason, refused.detail)];
  return (
    <li className="item">
      <div className="stack tight">
        <strong>{t(act)}</strong>
        <span>{about}</span>
        <span className="small muted">{t('waiting.since', { at: momentText(new Date(at), language) })}</span>
        {typed.map((text) => (
          <p key={text} className="note lines">
            {text}
          </p>
        ))}
        {reasons.map((reason) => (
          <p key={reason} className="note note-danger" role="alert">
            {reason}
          </p>
        ))}
        {refused !== undefined && <p className="small">{t('waiting.decide')}</p>}
      </div>
      <div className="row actions">
        <Link className="button" to={path}>
          {t('waiting.open')}
        </Link>
        {refused !== undefined && (
          <>
            <button type="button" className="button" onClick={() => void sendAgain(entry)}>
              {t('waiting.again')}
            </button>
            <button type="button" className="button button-danger" onClick={() => setAsks(true)}>
              {t('waiting.giveUp')}
            </button>
          </>
        )}
      </div>
      {asks && (
        <Dialog title={t('waiting.giveUp')} onClose={() => setAsks(false)}>
          <p>{t('waiting.giveUpHelp', { act: t(act), about })}</p>
          <div className="end">
            <button type="button" className="button" onClick={() => setAsks(false)}>
              {t('action.cancel')}
            </button>
            <button type="button" className="button button-danger" onClick={() => void giveUp(entry)}>
              {t('waiting.giveUp')}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
