import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { signOut } from '../api/leaving.ts';
import { useSignal } from '../api/signal.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { waiting } from '../waiting/commands.ts';

/** Signs out; with commands that wait only after the person knows what becomes of them. */
export function SignOut() {
  const { t } = useText();
  const count = useSignal(waiting).length;
  const [asks, setAsks] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button button-plain"
        onClick={() => (count > 0 ? setAsks(true) : void signOut())}
      >
        <LogOut size={16} className="icon" aria-hidden />
        {t('shell.signOut')}
      </button>
      {asks && (
        <Dialog title={t('leaving.waits', { count })} onClose={() => setAsks(false)}>
          <p>{t('leaving.waitsHelp')}</p>
          <div className="end">
            <button type="button" className="button" onClick={() => setAsks(false)}>
              {t('action.cancel')}
            </button>
            <button type="button" className="button button-main" onClick={() => void signOut()}>
              {t('leaving.anyway')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
