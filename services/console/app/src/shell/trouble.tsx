import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { useText } from '../text/text.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Screen } from '../ui/screen.tsx';

/** While the code of a screen is on its way. */
export function Loading() {
  const { t } = useText();
  return (
    <p className="empty" role="status">
      {t('list.loading')}
    </p>
  );
}

export function NotFound() {
  const { t } = useText();
  return (
    <Screen title={t('shell.notFound')}>
      <p className="panel">
        {t('shell.notFoundHelp')} <Link to="/van-ban-den">{t('inbox.title')}</Link>
      </p>
    </Screen>
  );
}

/** A screen that could not be shown, such as one whose code did not come. */
export function Trouble({ error, reset }: ErrorComponentProps) {
  const { t } = useText();
  return (
    <Screen title={t('shell.trouble')}>
      <ProblemNote error={error} onRetry={reset} />
    </Screen>
  );
}
