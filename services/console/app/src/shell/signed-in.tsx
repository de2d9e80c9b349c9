import { useEffect } from 'react';
import { useMe } from '../api/me.ts';
import { announcePerson } from '../api/session.ts';
import { useText } from '../text/text.tsx';
import { Screen } from '../ui/screen.tsx';

/** The window in which a person has signed in again, beside the one where they work. */
export function SignedIn() {
  const { t } = useText();
  const officerId = useMe()?.officerId;
  useEffect(() => {
    if (officerId === undefined) return;
    announcePerson(officerId);
    window.close();
  }, [officerId]);
  return (
    <Screen title={t('session.signedIn')}>
      <p className="panel">{t('session.closeWindow')}</p>
    </Screen>
  );
}
