import type {
  Applicant,
  ApplicantKind,
  DossierStatus,
  Paper,
  Party,
  Result,
  ResultReturn,
  TaskKind,
  TaskState,
  Urgency,
} from '@lienthong/contracts/casework';
import type { Channel } from '@lienthong/contracts/registry';
import type { ComputedFee, Position } from '@lienthong/workflow';
import type { ClockEvent, Duration } from '@lienthong/working-time';

// Plain data, stored as JSON. Instants are epoch milliseconds, null for none; ids are UUIDs, '' for none.

/** A legal clock as what happened to it, so that it can be computed again on a changed calendar. */
export interface ClockRecord {
  receivedAt: number;
  duration: Duration;
  /** Whether it began with a reception, to which the cutoff applies; within the agency it begins at the instant itself. */
  reception: boolean;
  events: ClockEvent[];
  /**
   * The end that was set by hand (an extension, an officer's consultation) and replaces the computed one. Later pauses
   * shift it, a later restart ends it. `after` counts the events before it.
   */
  agreed: { dueAt: number; at: number; after: number } | null;
}

/** A clock with its deadline, its stage, and when the next stage begins. */
export interface DeadlineState {
  clock: ClockRecord | null;
  /** Null while paused, and without a clock. */
  dueAt: number | null;
  /** The deadline reaches into a year whose holidays are not decided; it is computed again after the decision. */
  provisional: boolean;
  urgency: Urgency;
  /** When the next stage begins; null when there is none. */
  timerAt: number | null;
}

export interface Task extends DeadlineState {
  /** 1, 2, 3 … in the dossier. */
  number: number;
  kind: TaskKind;
  /** The workflow's opening that this task belongs to; 0 for the intake and for an officer's consultations. */
  openingId: number;
  blockKey: string;
  name: string;
  agency: Party;
  /** The function by which the agency was found, '' for another relation; it decides the successor. */
  byFunction: string;
  assigneeId: string;
  state: TaskState;
  openedAt: number;
  closedAt: number | null;
  outcome: string;
  note: string;
  closedBy: string;
  /** Of a hand-over: the agencies that the dossier still passes, the destination last. */
  onward: string[];
  /** Of an officer's consultation: the number of the officer's task. */
  askedFrom: number;
  /** Of a consultation. */
  question: string;
  /** Of a sub-procedure: the id of its dossier, known when the task opens, so that it cannot be lodged twice. */
  subDossierId: string;
  /** The task's agency is the dossier's holder while the task is open. */
  lead: boolean;
}

export interface Pause {
  status:
    | typeof DossierStatus.SUPPLEMENT_REQUESTED
    | typeof DossierStatus.PAYMENT_REQUESTED
    | typeof DossierStatus.STOPPED;
  since: number;
  /** What is missing, what the payment is for, or why the dossier stopped. */
  content: string;
  amountVnd: number;
}

/** An act, its officer, and the agency with its name of that day. */
export interface Act {
  at: number;
  officerId: string;
  agency: Party;
}

/** What papers state of the occasion that they belong to; later changes leave it. */
export interface Acts {
  /**
   * With the appointment, and how many papers there were: those are the first of the dossier's. Both are absent in the
   * records of dossiers that were accepted before they were kept.
   */
  accepted?: Act & {
    dueAt?: number | null;
    provisional?: boolean;
    papers?: number;
    /** Who was competent; absent when that was the intake agency. */
    competent?: Party;
  };
  supplement?: Act & { content: string; reason?: string; phone?: string };
  refused?: Act;
  extended?: Act;
  /** The last stop, with the deadline that was in force. */
  stopped?: Act & { reason: string; dueAt: number | null };
}

/** A file that the citizen handed in for a supplement. */
export interface HandedIn {
  sha256: string;
  /** As the citizen calls it. */
  name: string;
  contentType: string;
  sizeBytes: number;
  at: number;
}

/** A payment that was made. */
export interface Payment {
  amountVnd: number;
  /** The number of the receipt, or the provider's reference. */
  receipt: string;
  at: number;
  /** Of a payment through a provider: its name, and the id of table `payment`. */
  provider?: string;
  id?: string;
}

/** Where a citizen's payment through the provider is. */
export const PaymentState = {
  OPEN: 1,
  PAID: 2,
  /** Made when the dossier did not wait for it. */
  SURPLUS: 3,
  /** It can no longer be made. */
  ENDED: 4,
} as const;

/** A payment as a provider reports it. */
export interface ProviderPayment {
  id: string;
  /** Since when the dossier waited for it: `Pause.since`. */
  requestedAt: number;
  amountVnd: number;
  provider: string;
  reference: string;
}

export interface Dossier extends DeadlineState {
  id: string;
  code: string;
  /** The number of its events. */
  version: number;
  procedureId: string;
  channel: Channel;
  /** Who applies; decides the way and the fee. */
  applicantKind: ApplicantKind;
  /** The key of the procedure's case; '' without one. */
  caseKey: string;
  /** What it costs by the rules of the day of lodging; null when that was not computed. */
  fees: { each: ComputedFee[] } | null;
  status: DossierStatus;
  intake: Party;
  /** Who solves the matter: the intake agency, or another one for which it was taken in. */
  competent: Party;
  /** The function by which the competent agency was found, '' for another relation; it decides the successor. */
  competentByFunction: string;
  /** Who has the open work now; while only a sub-procedure is open, that one's agency. */
  holder: Party;
  /** The function by which the holder was found, '' for another relation; it decides the successor. */
  heldByFunction: string;
  /** The id of the agency that took it in; a succession does not change it. */
  lodgedWith: string;
  /** The id of the agency that was competent at lodging; a succession does not change it. */
  lodgedFor: string;
  /** Ids of the agencies that take or took part in it. */
  participants: string[];
  lodgedAt: number;
  /** When it last changed; a later change cannot be earlier. */
  changedAt: number;
  acceptedAt: number | null;
  /** When an officer first took up a task after acceptance. */
  startedAt: number | null;
  refusedAt: number | null;
  withdrawnAt: number | null;
  finishedAt: number | null;
  returnedAt: number | null;
  /** Since when the holder has it; a succession does not restart it. */
  heldSince: number;
  pause: Pause | null;
  supplements: number;
  payments: Payment[];
  /** Made when the dossier did not wait for them, to be given back. Oldest first. */
  surplusPayments: Payment[];
  extension: { from: number; to: number; reason: string; at: number; provisional?: boolean } | null;
  acts: Acts;
  /** Why it was refused, stopped or withdrawn. */
  reason: string;
  data: Record<string, string>;
  papers: Paper[];
  /** Oldest first. */
  handedIn: HandedIn[];
  results: Result[];
  /** What the finished dossiers of sub-procedures resulted in, with the number of the task that waited. */
  subResults: (Result & { taskNumber: number })[];
  /** Null: at the counter of the intake agency. */
  resultReturn: ResultReturn | null;
  /** Null before acceptance. */
  position: Position | null;
  /** Who did the steps that later steps may be returned to, by block. */
  doneBy: Record<string, string>;
  /** Open tasks only; closed ones are rows of their own. */
  open: Task[];
  /** The number of the newest task. */
  lastTask: number;
  parentDossierId: string;
  /** The parent's task that waits for this dossier. */
  parentTask: number;
  /** SHA-256 of the tracking secret, hexadecimal. */
  secretHash: string;
  /** Where it came from, when it began in another system. */
  imported: ImportSource | null;
}

export interface ImportSource {
  /** The name of the other system. */
  system: string;
  importId: string;
  at: number;
  /** Who imported it. */
  agencyId: string;
  officerId: string;
}

/** What another system noted on a dossier, for people. */
export interface PastNote {
  at: number;
  text: string;
}

/** A value of the dossier's data, '' for none. */
export interface DataChange {
  key: string;
  before: string;
  after: string;
}

/** What a decision writes: the dossier as it leaves it. */
export interface DossierChange {
  dossier: Dossier;
  /** The tasks that it opened, changed or closed. */
  tasks: Task[];
  /** Of a dossier that was lodged; kept in a table of its own. */
  applicant?: Applicant;
  /** Agencies that take part from now on besides those of tasks. */
  joined?: string[];
  /** Digests of files that it carries from now on, and of those that it does not carry any more. */
  files?: { carried: string[]; left: string[] };
  /** Of a dossier that was imported; kept in a table of its own. */
  notes?: PastNote[];
  /** The data that an officer changed, with the version of the event that tells of it. */
  dataChanges?: { version: number; values: DataChange[] };
  /** A payment through the provider that it received. */
  payment?: { id: string; state: typeof PaymentState.PAID | typeof PaymentState.SURPLUS; reference: string };
}
