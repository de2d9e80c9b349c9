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

/** A legal clock as what happened to it: computing it again on a changed calendar is computing it. */
export interface ClockRecord {
  receivedAt: number;
  duration: Duration;
  /** Whether it began as a reception, to which the cutoff applies, or within the agency, at the instant itself. */
  reception: boolean;
  events: ClockEvent[];
  /**
   * The end that was set by hand (an extension, an officer's consultation) and holds instead of the computed one;
   * later pauses shift it, a later restart ends it. `after` counts the events that were before it.
   */
  agreed: { dueAt: number; at: number; after: number } | null;
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
  /** Of a sub-procedure: the id of its dossier, drawn when the task opened, so that lodging it twice is impossible. */
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

/** Who did it, and for which agency as it was called then. */
export interface Act {
  at: number;
  officerId: string;
  agency: Party;
}

/** What the papers 01 to 04 state; kept whatever happens afterwards. */
export interface Acts {
  accepted?: Act;
  supplement?: Act & { content: string };
  refused?: Act;
  extended?: Act;
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
  /** The function the holder was found by, '' when by another relation: which successor goes on. */
  heldByFunction: string;
  /** The agency that took it in, whoever stands in its place now. */
  lodgedWith: string;
  /** Agencies that have or had part in it. */
  participants: string[];
  lodgedAt: number;
  /** The latest change; nothing can happen before it. */
  changedAt: number;
  acceptedAt: number | null;
  /** When somebody first took up a task after acceptance. */
  startedAt: number | null;
  refusedAt: number | null;
  withdrawnAt: number | null;
  finishedAt: number | null;
  returnedAt: number | null;
  /** Since when the holder has had it; a succession does not begin anew. */
  heldSince: number;
  pause: Pause | null;
  supplements: number;
  payments: { amountVnd: number; receipt: string; at: number }[];
  extension: { from: number; to: number; reason: string; at: number } | null;
  acts: Acts;
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
