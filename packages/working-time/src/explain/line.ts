import type { Text } from '../calendar/data.ts';
import type { Duration } from '../duration.ts';

export type LineKind =
  | 'received'
  | 'counted'
  | 'skipped'
  | 'paused'
  | 'resumed'
  | 'restarted'
  | 'uncertain'
  | 'deadline';

/** One sentence of an explanation. The `counted` of all lines since the latest reception add up to the time used. */
export interface Line extends Text {
  kind: LineKind;
  /** First and last date, YYYY-MM-DD. */
  from: string;
  to: string;
  counted: Duration | null;
  /** The law or notice behind it. */
  source: string | null;
}
