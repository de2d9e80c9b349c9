import { Link } from '@tanstack/react-router';
import { useSignal } from '../api/signal.ts';
import { useText } from '../text/text.tsx';
import { waiting } from './commands.ts';

/** On the screen of a thing: what was done with it here and has not gone out. */
export function WaitingNote({ thing }: { thing: string }) {
  const { t } = useText();
  const own = useSignal(waiting).filter(({ value }) => value.thing === thing);
  if (own.length === 0) return null;
  return (
    <div className="note note-warn row spread" role="status">
      <span>{t('waiting.here', { acts: own.map(({ value }) => t(value.act)).join('; ') })}</span>
      <Link className="button" to="/cho-gui">
        {t('waiting.title')}
      </Link>
    </div>
  );
}
