/** The law's rules for all dossiers, versioned by date. */
import { type Duration, days, hours } from '@lienthong/working-time';
import { type LawVersion, versionFor } from './version.ts';

export interface Rules extends LawVersion {
  /** Any one-stop unit of the province takes dossiers in; else only agencies of the procedure's tiers do. */
  intake: { anywhere: boolean; source: string };
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

const DECREE_118 = 'Nghị định 118/2025/NĐ-CP';
const DECREE_61 = 'Nghị định 61/2018/NĐ-CP';
const ARTICLE_61_19 = `${DECREE_61}, Điều 19; Thông tư 01/2018/TT-VPCP`;

const EXAMINATION = { within: hours(8), source: 'Nghị định 45/2020/NĐ-CP' };
const DUE_SOON = { daysBefore: 1, shortUpTo: [days(1), hours(8)], lastPart: 1 / 4 };
const ESCALATION = { daysAfter: 1 };

/** Newest first. The numbers of Decree 118 are those of Decree 61 until its text has been seen. */
export const RULES: readonly Rules[] = [
  {
    from: '2025-07-01',
    governs: 'lodged-since',
    source: DECREE_118,
    intake: { anywhere: true, source: DECREE_118 },
    examination: EXAMINATION,
    supplement: { atMost: 1, withinDays: 3, source: DECREE_118 },
    extension: { atMost: 1, daysBefore: 1, source: DECREE_118 },
    dueSoon: DUE_SOON,
    escalation: ESCALATION,
  },
  {
    from: '',
    governs: 'lodged-since',
    source: DECREE_61,
    intake: { anywhere: false, source: DECREE_61 },
    examination: EXAMINATION,
    supplement: { atMost: 1, withinDays: 3, source: ARTICLE_61_19 },
    extension: { atMost: 1, daysBefore: 1, source: ARTICLE_61_19 },
    dueSoon: DUE_SOON,
    escalation: ESCALATION,
  },
];

/** How often something is allowed, for a message: "once", "2 times". */
export const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The rules of a dossier on a date; both dates are YYYY-MM-DD. */
export const rulesFor = (lodgedOn: string, today: string): Rules => versionFor(RULES, lodgedOn, today);
