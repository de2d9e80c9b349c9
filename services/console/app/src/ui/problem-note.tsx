import { RotateCw } from 'lucide-react';
import { isOf, problemOf } from '../api/problem.ts';
import { useReasons } from '../text/reason.ts';
import { useText } from '../text/text.tsx';

interface ProblemNoteProps {
  error: unknown;
  /** Fields that show their own violations. */
  shown?: readonly string[];
  onRetry?: (() => void) | undefined;
}

/** Why something was not done, or cannot be shown. */
export function ProblemNote({ error, shown = [], onRetry }: ProblemNoteProps) {
  const { t } = useText();
  const reasonText = useReasons();
  if (error === null || error === undefined) return null;
  const problem = problemOf(error);
  const others = problem.violations.filter(({ field }) => !shown.some((one) => isOf(field, one)));
  const lines =
    problem.violations.length > 0
      ? others.map(({ reason, description }) => reasonText(reason, description))
      : [problem.isAway ? t('problem.away') : reasonText(problem.reason, problem.message)];
  return (
    <div className="note note-danger stack tight" role="alert">
      {problem.violations.length > others.length && <p>{t('problem.fields')}</p>}
      {[...new Set(lines)].map((line) => (
        <p key={line}>{line}</p>
      ))}
      {onRetry !== undefined && (
        <div>
          <button type="button" className="button" onClick={onRetry}>
            <RotateCw size={16} className="icon" aria-hidden />
            {t('action.retry')}
          </button>
        </div>
      )}
    </div>
  );
}
