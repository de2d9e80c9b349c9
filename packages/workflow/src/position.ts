/** Where a dossier is in its workflow, and what a move changes. */
import type { Consultation, HandOver, Step, SubProcedure } from '@lienthong/contracts/registry';

/** Plain JSON, kept with the dossier; keys and counts only. */
export interface Position {
  /** What the dossier waits in; each opening has a running number. Empty once the workflow has ended. */
  open: { id: number; key: string }[];
  /** The number of the next opening. */
  next: number;
  /** Parallels that are under way: which of their branches are done. */
  joins: Record<string, number[]>;
  /** Which case a choice took; the number of cases stands for `otherwise`. */
  choices: Record<string, number>;
  /** How often a return was used: `${from}>${to}`. */
  returns: Record<string, number>;
}

export type Opening = {
  id: number;
  key: string;
  /** Whether its agency answers for the dossier; of the openings of one position, at most one leads. */
  lead: boolean;
} & (
  | { kind: 'step'; block: Step }
  | { kind: 'consultation'; block: Consultation }
  | { kind: 'hand-over'; block: HandOver }
  | { kind: 'sub-procedure'; block: SubProcedure }
);

export interface Progress {
  position: Position;
  opened: Opening[];
  /** Openings that were cancelled, without the one that was completed or sent back. */
  closed: number[];
  end?: 'finished' | 'refused';
}
