import type { Applicant, Paper, Result, ResultReturn } from '@lienthong/contracts/casework';
import type { Channel } from '@lienthong/contracts/registry';
import type { PastNote } from '../dossier/state.ts';

/** An agency by its code on the day; null where the line names none. */
export interface CodeRef {
  scheme: string;
  code: string;
}

interface OfStep {
  blockKey: string;
  agency: CodeRef | null;
}

export type PastAct = { at: number; officerId: string } & (
  | { kind: 'accepted' }
  | ({ kind: 'assigned' } & OfStep)
  | ({ kind: 'completed'; outcome: string; note: string; results: Result[] } & OfStep)
  | { kind: 'supplementRequested'; content: string; reason: string }
  | { kind: 'supplementReceived'; papers: Paper[] }
  | { kind: 'paymentRequested'; amountVnd: number; content: string }
  | { kind: 'paid'; amountVnd: number; receipt: string }
  | { kind: 'stopped'; reason: string }
  | { kind: 'resumed' }
  | { kind: 'extended'; dueAt: number; reason: string }
);

/** A line of an import. Instants are epoch milliseconds. */
export interface ImportLine {
  code: string;
  procedureCode: string;
  channel: Channel;
  applicant: Applicant;
  data: Record<string, string>;
  papers: Paper[];
  resultReturn: ResultReturn | null;
  caseKey: string;
  intake: CodeRef;
  competent: CodeRef | null;
  lodgedAt: number;
  officerId: string;
  acts: PastAct[];
  notes: PastNote[];
}

/** What is wrong with a line: the field in it, and what to do. */
export interface Fault {
  field: string;
  reason: string;
  description: string;
}

/** What a dossier's code must be: the code of an agency, which has the series, then day and number. */
export const DOSSIER_CODE = /^([A-Z0-9]+(?:\.[A-Z0-9]+)*)-\d{6}-\d{1,9}$/;
