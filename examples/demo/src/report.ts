import type { Answers } from './act-answers.ts';
import type { LateDocument } from './act-succession.ts';
import type { FileTotals } from './dossiers/files.ts';
import type { PaymentTotals } from './dossiers/payments.ts';
import type { DossierTotals } from './dossiers/report.ts';
import type { NotificationTotals } from './notifications/report.ts';
import type { Verified } from './verify.ts';

export interface DemoResult extends NotificationTotals {
  ok: boolean;
  agencies: number;
  documents: number;
  deliveries: number;
  byStatus: Record<string, number>;
  succession: { ended: number; successors: number; rerouted: number };
  dossiers: DossierTotals;
  files: FileTotals;
  payments: PaymentTotals;
  auditEntries: number;
  /** Entries with a verified proof in the evidence of one document and of one dossier. */
  proved: { document: number; dossier: number };
  lost: number;
  duplicated: number;
  seconds: number;
}

export interface Details {
  answers: Answers;
  /** Agencies that have not answered the plan. */
  overdue: string[];
  late: LateDocument;
  stranded: number;
  verified: Verified;
  /** The dossiers' tables and one story. */
  dossiers: string;
  /** Who received which events and notifications. */
  notifications: string;
  /** What the stand-alone verification said. */
  evidence: string;
}

/** The result as a table for people. */
export function table(
  result: DemoResult,
  { answers, overdue, late, stranded, verified, dossiers, notifications, evidence }: Details,
): string {
  const rows: [string, string | number][] = [
    ['agencies', result.agencies],
    ['documents issued', result.documents],
    ['deliveries', result.deliveries],
    ...Object.entries(result.byStatus)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([status, count]): [string, number] => [`  ${status}`, count]),
    ['the plan, answered on time', answers.onTime],
    ['the plan, answered late', answers.late],
    ['the plan, not answered by its due date', answers.overdue],
    ['agencies ended in 2025', result.succession.ended],
    ['their successors', result.succession.successors],
    ['deliveries rerouted to a successor', result.succession.rerouted],
    ['open deliveries of agencies without successor', stranded],
    ['files of dossiers opened by those who may', result.files.opened],
    ['files refused to an agency that takes no part', result.files.refused],
    ['payments by a link of the provider', result.payments.byLink],
    ['audit entries of these documents', result.auditEntries],
    ['lost', result.lost],
    ['duplicated', result.duplicated],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${String(value).padStart(6)}`);
  return [
    '',
    ...lines,
    '',
    `not answered: ${overdue.join(', ')}`,
    '',
    `a letter to ${late.code}, in June 2025 ${late.oldName},`,
    `reached in July its successor ${late.newName}`,
    dossiers,
    notifications,
    evidence,
    '',
    ...verified.differences.slice(0, 20).map((difference) => `DIFFERENT  ${difference}`),
    result.ok
      ? `every number agrees with what was sent (${result.seconds.toFixed(1)} s)`
      : `${verified.differences.length} differences from what was sent`,
  ].join('\n');
}
