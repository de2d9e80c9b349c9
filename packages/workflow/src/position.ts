/** A dossier's position in its workflow, and the progress that a move makes. */
import type { Consultation, HandOver, Step, SubProcedure } from '@lienthong/contracts/registry';

/** Plain JSON that is stored with the dossier; keys and counts only. */
export interface Position {
  /** The blocks that the dossier waits in, each with its opening's number. Empty once the workflow has ended. */
  open: { id: number; key: string }[];
  /** The number of the next opening. */
  next: number;
  /** The branches that are done, by parallel under way. */
  joins: Record<string, number[]>;
  /** The case that each choice took, from 0; the number of its cases stands for `otherwise`. */
  choices: Record<string, number>;
  /** The number of uses of each return, by `${from}>${to}`. */
  returns: Record<string, number>;
}

export type Opening = {
  id: number;
  key: string;
  /** True when its agency answers for the dossier. At most one opening of a position leads. */
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
  /** The openings that the move cancelled, besides the one that it completed or sent back. */
  closed: number[];
  end?: 'finished' | 'refused';
}
