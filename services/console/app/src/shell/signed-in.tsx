import { useEffect } from 'react';
import { announceSignIn } from '../api/session.ts';
import { useText } from '../text/text.tsx';
import { Screen } from '../ui/screen.tsx';

/** The window in which a person has signed in again, beside the one where they work. */
export function SignedIn() {
  const { t } = useText();
  useEffect(() => {
    announceSignIn();
    window.close();
  }, []);
  return (
    <Screen title={t('session.signedIn')}>
      <p className="panel">{t('session.closeWindow')}</p>
    </Screen>
  );
}
