interface BarProps {
  /** In thousandths of the whole. */
  from: number;
  length: number;
  tone?: 'failed' | 'critical' | undefined;
  /** A line across it, such as a deadline. */
  mark?: number | undefined;
}

/** A bar beside its numbers, for the eye alone. */
export const Bar = ({ from, length, tone, mark }: BarProps) => (
  <svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">
    <rect
      x={from}
      y="3"
      width={Math.max(length, 4)}
      height="10"
      className={tone === undefined ? 'bar' : `bar-${tone}`}
    />
    {mark !== undefined && <rect x={Math.min(mark, 996)} y="0" width="4" height="16" className="bar-mark" />}
  </svg>
);
