import type { Applicant, Party } from '@lienthong/contracts/casework';
import { failure, type Refusal, type Result } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import type { OneStopUnit } from '../domain/law/one-stop.ts';

/** What the papers of a dossier are made from. */
export interface Case {
  dossier: Dossier;
  /** Open and closed, by number. */
  tasks: readonly Task[];
  applicant: Applicant;
  /** Where the applicant follows the dossier; may be empty. */
  trackingUrl: string;
  procedure: { code: string; name: string };
  /** The name of the case (trường hợp); empty without one. */
  caseName: string;
  /** Empty for an unknown officer. */
  officerName(officerId: string): string;
  /** The head of an agency on the day of an instant; empty when there is none. */
  headName(agencyId: string, at: number): string;
  /** Whether an instant is on an earlier working day of an agency than a deadline. */
  early(agencyId: string, at: number, dueAt: number): boolean;
  /** The place of an agency, as papers name it; may be empty. */
  place(agencyId: string, at: number): string;
  /** The agency directly above a department on the day of an instant; empty for other agencies. */
  superior(agencyId: string, at: number): string;
  /** An agency, or its successor, as it is called on the day of an instant. */
  party(agencyId: string, at: number): Party;
  /** The one-stop unit of an agency on the day of an instant. */
  oneStop(agency: Party, at: number): OneStopUnit;
}

/** The paper does not exist yet, or never will. */
export const notIssued = (paper: string, why: string): Result<never> =>
  failure({
    kind: 'failed-precondition',
    reason: 'PAPER_NOT_ISSUED',
    message: `${paper}: ${why}`,
  } satisfies Refusal);
