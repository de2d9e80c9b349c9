import type {
  Applicant,
  DossierStatus,
  Paper,
  Party,
  Result,
  TaskKind,
  TaskState,
  Urgency,
} from '@lienthong/contracts/casework';
import type { Channel } from '@lienthong/contracts/registry';
import type { Position } from '@lienthong/workflow';
import type { ClockEvent, Duration } from '@lienthong/working-time';

// Plain data, stored as JSON. Instants are epoch milliseconds, null for none; ids are UUIDs, '' for none.

/**
 * A legal clock as what happened to it: computing it again on a changed calendar is computing it. A clock with a fixed
 * end was set by hand (an extension, an officer's consultation) and only pauses and resumes move it.
 */
export interface ClockRecord {
  receivedAt: number;
  duration: Duration;
  events: ClockEvent[];
  /** The date agreed by hand that holds instead of the computed one; later pauses shift it. */
  agreed: { dueAt: number; at: number } | null;
}

/** What every clock has: where it stands, and what happens next when nobody does anything. */
export interface Timed {
  clock: ClockRecord | null;
  /** Null while paused, and without a clock. */
  dueAt: number | null;
  urgency: Urgency;
  /** When urgency grows to the next stage; null when it does not. */
  timerAt: number | null;
}

export interface Task extends Timed {
  /** 1, 2, 3 … in the dossier. */
  number: number;
  kind: TaskKind;
  /** The workflow's opening this task is the work of; 0 for intake and for consultations asked for by an officer. */
  openingId: number;
  blockKey: string;
  name: string;
  agency: Party;
  /** The function the agency was found by, '' when by another relation: which successor goes on. */
  byFunction: string;
  assigneeId: string;
  state: TaskState;
  openedAt: number;
  closedAt: number | null;
  outcome: string;
  note: string;
  closedBy: string;
  /** Of a hand-over: the agencies still on the way, the last is the destination. */
  onward: string[];
  /** Of a consultation asked for by an officer: the task it was asked from. */
  askedFrom: number;
  /** Of a consultation: what is asked. */
  question: string;
  subDossierId: string;
  /** Its agency answers for the dossier while it is open. */
  lead: boolean;
}

export interface Pause {
  status:
    | typeof DossierStatus.SUPPLEMENT_REQUESTED
    | typeof DossierStatus.PAYMENT_REQUESTED
    | typeof DossierStatus.STOPPED;
  since: number;
  /** What is missing, what is to be paid for, or why it stopped. */
  content: string;
  amountVnd: number;
}

export interface Dossier extends Timed {
  id: string;
  code: string;
  /** Grows by one with every event. */
  version: number;
  procedureId: string;
  channel: Channel;
  status: DossierStatus;
  intake: Party;
  /** Which agency holds it now. */
  holder: Party;
  lodgedAt: number;
  acceptedAt: number | null;
  finishedAt: number | null;
  returnedAt: number | null;
  pause: Pause | null;
  supplements: number;
  extension: { from: number; to: number; reason: string; at: number } | null;
  /** Why it was refused, stopped or withdrawn. */
  reason: string;
  data: Record<string, string>;
  papers: Paper[];
  results: Result[];
  /** Null before acceptance. */
  position: Position | null;
  /** Only those that are open; closed ones are rows of their own. */
  open: Task[];
  /** The number of the newest task. */
  lastTask: number;
  parentDossierId: string;
  /** The parent's task that waits for this dossier. */
  parentTask: number;
  /** SHA-256 of the tracking secret, hexadecimal. */
  secretHash: string;
}

/** One dossier as a command left it, to be written. */
export interface Changed {
  dossier: Dossier;
  /** Opened, changed or closed by the command. */
  tasks: Task[];
  /** When it was lodged; kept apart from everything else. */
  applicant?: Applicant;
}
