import { useMemo } from 'react';
import { useText } from '../../text/text.tsx';
import { lineDiff } from './line-diff.ts';

const MARKS = { same: ' ', removed: '−', added: '+', skipped: '⋯' };

interface TextDifferenceProps {
  before: string;
  after: string;
  label: string;
}

/** Which lines differ between two texts. */
export function TextDifference({ before, after, label }: TextDifferenceProps) {
  const { t } = useText();
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  if (lines.length === 0) return <p className="muted">{t('procedure.noDifference')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="diff" tabIndex={0} aria-label={label}>
      {lines.map(({ kind, text }, i) => {
        const Line = kind === 'removed' ? 'del' : kind === 'added' ? 'ins' : 'span';
        // biome-ignore lint/suspicious/noArrayIndexKey: the same line may be there several times.
        return <Line key={i}>{`${MARKS[kind]} ${text}`}</Line>;
      })}
    </section>
  );
}
