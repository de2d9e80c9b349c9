import { useEffect } from 'react';
import { endSession } from '../api/leaving.ts';
import { useText } from '../text/text.tsx';

/** From the press on "sign out" until the console has ended the session; without a line that may take long. */
export function Leaving() {
  const { t } = useText();
  useEffect(() => void endSession(), []);
  return (
    <main className="main stack" id="main">
      <h1>{t('leaving.title')}</h1>
      <p className="panel" role="status">
        {t('leaving.help')}
      </p>
    </main>
  );
}
