import type { Applicant } from '@lienthong/contracts/casework';
import { failure, type Refusal, type Result } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { dayInWords } from './vietnamese.ts';

/** What the papers of a dossier are made from. */
export interface Case {
  dossier: Dossier;
  /** Open and closed, by number. */
  tasks: readonly Task[];
  applicant: Applicant;
  procedure: { code: string; name: string };
  /** Empty for an unknown officer. */
  officerName(officerId: string): string;
  /** The head of an agency on the day of an instant; empty when there is none. */
  headName(agencyId: string, at: number): string;
  /** Whether an instant is on an earlier working day of an agency than a deadline. */
  early(agencyId: string, at: number, dueAt: number): boolean;
  /** The place of an agency, as papers name it; may be empty. */
  place(agencyId: string, at: number): string;
}

export const ONE_STOP = 'Bộ phận Tiếp nhận và Trả kết quả';
/** The same in the letterhead. */
export const ONE_STOP_HEAD = 'BỘ PHẬN TIẾP NHẬN\nVÀ TRẢ KẾT QUẢ';

/**
 * "260105-0001/TNHS": a paper's number comes from its dossier, so that papers need no series of their own. A dossier has
 * one paper of each kind.
 */
export const paperNumber = (code: string, notation: string): string =>
  `${code.split('-').slice(-2).join('-')}/${notation}`;

export const placeAndDate = (place: string, at: number): string => {
  const day = dayInWords(at);
  return place === '' ? `N${day.slice(1)}` : `${place}, ${day}`;
};

/** The paper does not exist yet, or never will. */
export const notIssued = (paper: string, why: string): Result<never> =>
  failure({
    kind: 'failed-precondition',
    reason: 'PAPER_NOT_ISSUED',
    message: `${paper}: ${why}`,
  } satisfies Refusal);
