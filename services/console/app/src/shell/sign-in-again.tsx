import { useEffect } from 'react';
import { useMe, useOwner } from '../api/me.ts';
import { beginAnew } from '../api/person.ts';
import { announcePerson, goOn, onPerson, signedOut } from '../api/session.ts';
import { useSignal } from '../api/signal.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Where a person signs in again; the address is the page that lets this one go on. */
const SIGN_IN = `/auth/login?${new URLSearchParams({ to: '/lam-viec/da-dang-nhap' })}`;

/**
 * Over a screen whose session has ended. Everything on it stays as it is, and what was sent goes on once the same person
 * is back. What one person has typed is never sent for another one.
 */
export function SignInAgain() {
  const { t } = useText();
  const ended = useSignal(signedOut);
  const officerId = useMe()?.officerId;
  const owner = useOwner();
  useEffect(() => {
    if (officerId !== undefined) announcePerson(officerId);
  }, [officerId]);
  useEffect(
    () =>
      onPerson((other) => {
        if (owner === undefined || owner === other) goOn();
        else beginAnew();
      }),
    [owner],
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
