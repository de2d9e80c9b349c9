import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ME_KEY } from '../api/me.ts';
import { goOn, onSignIn, signedOut } from '../api/session.ts';
import { useSignal } from '../api/signal.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Where a person signs in again; the address is the page that lets this one go on. */
const SIGN_IN = `/auth/login?${new URLSearchParams({ to: '/lam-viec/da-dang-nhap' })}`;

/** Over a screen whose session has ended. Everything on it stays as it is, and what was sent goes on afterwards. */
export function SignInAgain() {
  const { t } = useText();
  const client = useQueryClient();
  const ended = useSignal(signedOut);
  useEffect(
    () =>
      onSignIn(() => {
        goOn();
        void client.invalidateQueries({ queryKey: ME_KEY });
      }),
    [client],
  );
  if (!ended) return null;
  return (
    <Dialog title={t('session.ended')} onClose={() => {}}>
      <p>{t('session.endedHelp')}</p>
      <div className="end">
        <a className="button button-main" href={SIGN_IN} target="_blank" rel="noreferrer">
          {t('session.signIn')}
        </a>
      </div>
    </Dialog>
  );
}
