import type { routing } from '@lienthong/contracts/json';
import { type Key, useText } from '../text/text.tsx';

type Counts = Pick<routing.ListDirectiveAnswersResponse, 'overdue' | 'late' | 'waiting' | 'onTime'>;

const COUNTS = [
  ['overdue', 'answers.overdue', 'badge-danger'],
  ['late', 'answers.late', 'badge-warn'],
  ['waiting', 'answers.waiting', ''],
  ['onTime', 'answers.onTime', 'badge-good'],
] as const satisfies readonly (readonly [keyof Counts, Key, string])[];

/** How many have answered a directive, and how. */
export function AnswerCounts({ counts }: { counts: Counts }) {
  const { t } = useText();
  return (
    <span className="row">
      {COUNTS.filter(([name]) => counts[name] > 0).map(([name, key, tone]) => (
        <span key={name} className={`badge ${tone}`}>{`${t(key)}: ${counts[name]}`}</span>
      ))}
    </span>
  );
}
