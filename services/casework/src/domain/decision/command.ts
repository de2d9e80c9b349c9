import type {
  Applicant,
  DossierStanding,
  LodgeDossierResponse,
  Paper,
  Result,
  ResultReturn,
} from '@lienthong/contracts/casework';
import type { Channel } from '@lienthong/contracts/registry';
import type { HandedIn, ProviderPayment } from '../dossier/state.ts';

/** An officer of an agency, or the platform itself (both ids ''). */
export interface Caller {
  agencyId: string;
  officerId: string;
  roles: readonly string[];
}

interface CommandContext {
  caller: Caller;
  /** Epoch milliseconds. */
  now: number;
}

export interface Lodge extends CommandContext {
  kind: 'lodge';
  /** A new id; of a sub-procedure the task's `subDossierId`. */
  dossierId: string;
  secret: string;
  procedureCode: string;
  channel: Channel;
  /** The case that the caller names; '': the one that the data fits. */
  caseKey: string;
  applicant: Applicant;
  data: Record<string, string>;
  papers: Paper[];
  /** Null: at the counter of the intake agency. */
  resultReturn: ResultReturn | null;
  /** Who solves the matter, or the agency of its territory; both '' for the intake agency's own territory. */
  competentAgencyId: string;
  territoryAgencyId: string;
  accept: boolean;
  /** Of a sub-procedure, which the platform lodges for the intake agency; '' and 0 otherwise. */
  parentDossierId: string;
  parentTask: number;
  /** It was lodged in another system. */
  past?: {
    /** The code that it has. */
    code: string;
    /** The date of the import, YYYY-MM-DD: of a procedure that was not known yet, the version of today counts. */
    today: string;
  };
}

interface OnDossier extends CommandContext {
  dossierId: string;
}
interface OnTask extends OnDossier {
  taskNumber: number;
}

export type Transition =
  | (OnDossier & { kind: 'accept' })
  | (OnDossier & { kind: 'refuse'; reason: string })
  | (OnTask & { kind: 'claim' })
  | (OnTask & { kind: 'assign'; officerId: string })
  | (OnTask & {
      kind: 'complete';
      outcome: string;
      note: string;
      results: Result[];
      data: Record<string, string>;
    })
  | (OnTask & { kind: 'hand-over'; officerId: string; reason: string })
  | (OnTask & { kind: 'return'; to: string; reason: string })
  | (OnTask & { kind: 'consult'; agencyIds: string[]; question: string; dueAt: number })
  | (OnDossier & { kind: 'request-supplement'; content: string; reason: string; contactPhone: string })
  | (OnDossier & { kind: 'receive-supplement'; papers: Paper[]; data: Record<string, string> })
  /** By the platform, for the citizen: a file that it has checked. */
  | (OnDossier & { kind: 'hand-in'; file: Omit<HandedIn, 'at'> })
  | (OnDossier & { kind: 'request-payment'; amountVnd: number; content: string })
  | (OnDossier & { kind: 'record-payment'; amountVnd: number; receipt: string })
  /** By the platform: the provider has reported a payment of the requested amount. */
  | (OnDossier & { kind: 'receive-payment'; payment: ProviderPayment })
  | (OnDossier & { kind: 'withdraw'; reason: string })
  | (OnDossier & { kind: 'stop'; reason: string })
  | (OnDossier & { kind: 'resume' })
  | (OnDossier & { kind: 'extend'; dueAt: number; reason: string })
  | (OnDossier & { kind: 'return-result' })
  /** By the platform: the dossier of a sub-procedure has ended, with results if it was finished. */
  | (OnTask & { kind: 'sub-ended'; finished: boolean; results: Result[] });

export type Command = Lodge | Transition;
export type Reply = LodgeDossierResponse | { standing: DossierStanding | undefined };
