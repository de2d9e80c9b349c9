/** The law's rules for all dossiers, versioned by date; a dossier stays under the rules of its lodging. */
import { vietnamDate } from '@lienthong/kit';
import { type Duration, days, hours } from '@lienthong/working-time';

export interface Rules {
  /** The first date of lodging, YYYY-MM-DD; '' for all dates before the next version. */
  from: string;
  /** How long the one-stop unit has to accept or refuse what was registered. */
  examination: { within: Duration; source: string };
  /** What is missing is requested in full, and the clock starts from zero when it has come. */
  supplement: { atMost: number; withinDays: number; source: string };
  /** Apology and new appointment. */
  extension: { atMost: number; daysBefore: number; source: string };
  /** The platform's own: how many working days before the deadline it is near; for short clocks the last part. */
  dueSoon: { daysBefore: number; shortUpTo: Duration[]; lastPart: number };
  /** The platform's own: how many working days after the deadline the head of the agency is notified. */
  escalation: { daysAfter: number };
}

/** Newest first. */
export const RULES: readonly Rules[] = [
  {
    from: '',
    examination: { within: hours(8), source: 'Nghị định 45/2020/NĐ-CP, Điều 11' },
    supplement: {
      atMost: 1,
      withinDays: 3,
      source: 'Nghị định 61/2018/NĐ-CP, Điều 19; Thông tư 01/2018/TT-VPCP',
    },
    extension: {
      atMost: 1,
      daysBefore: 1,
      source: 'Nghị định 61/2018/NĐ-CP, Điều 19; Thông tư 01/2018/TT-VPCP',
    },
    dueSoon: { daysBefore: 1, shortUpTo: [days(1), hours(8)], lastPart: 1 / 4 },
    escalation: { daysAfter: 1 },
  },
];

/** @param lodgedAt epoch milliseconds */
export function rulesAt(lodgedAt: number): Rules {
  const date = vietnamDate(new Date(lodgedAt));
  const found = RULES.find((one) => one.from <= date);
  if (!found) throw new Error(`no rules for dossiers lodged on ${date}`);
  return found;
}
