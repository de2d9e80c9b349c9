import { TaskState, Urgency } from '@lienthong/contracts/casework';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { hasOtherCompetent } from '../domain/dossier/status.ts';
import { compact } from './compact.ts';

/** Of `dossier as d`: its code, and the agency competent for it. What a list shows, in the record of reads. */
export const OWNED = 'd.code, coalesce(d.competent_id, d.intake_id) as owner_id';

export interface OwnedRow {
  code: string;
  owner_id: string;
}

const nobody = Object.freeze({ agencyId: '', name: '', code: '' });
const none: never[] = [];
Object.freeze(none);

const untimed = {
  clock: null,
  dueAt: null,
  provisional: false,
  urgency: Urgency.ON_TIME,
  timerAt: null,
} as const;

// A field whose value is the blank's is not written; an empty list or map is not, whatever the blank says.
const BLANK_TASK: Task = Object.freeze({
  ...untimed,
  number: 0,
  kind: 0,
  openingId: 0,
  blockKey: '',
  name: '',
  agency: nobody,
  byFunction: '',
  assigneeId: '',
  state: TaskState.OPEN,
  openedAt: 0,
  closedAt: null,
  outcome: '',
  note: '',
  closedBy: '',
  onward: none,
  askedFrom: 0,
  question: '',
  subDossierId: '',
  lead: false,
});

const BLANK_DOSSIER: Dossier = Object.freeze({
  ...untimed,
  id: '',
  code: '',
  version: 0,
  procedureId: '',
  channel: 0,
  applicantKind: 0,
  caseKey: '',
  fees: null,
  status: 0,
  intake: nobody,
  competent: nobody,
  competentByFunction: '',
  holder: nobody,
  heldByFunction: '',
  lodgedWith: '',
  lodgedFor: '',
  participants: none,
  lodgedAt: 0,
  changedAt: 0,
  acceptedAt: null,
  startedAt: null,
  refusedAt: null,
  withdrawnAt: null,
  finishedAt: null,
  returnedAt: null,
  heldSince: 0,
  pause: null,
  supplements: 0,
  payments: none,
  surplusPayments: none,
  extension: null,
  acts: Object.freeze({}),
  reason: '',
  data: Object.freeze({}),
  papers: none,
  handedIn: none,
  results: none,
  subResults: none,
  resultReturn: null,
  position: null,
  doneBy: Object.freeze({}),
  open: none,
  lastTask: 0,
  parentDossierId: '',
  parentTask: 0,
  secretHash: '',
  imported: null,
});

export const encodeTask = (task: Task): string => JSON.stringify(compact(task, BLANK_TASK));

export const decodeTask = (record: string): Task => toTask(JSON.parse(record));

const toTask = (kept: Partial<Task>): Task => ({ ...BLANK_TASK, ...kept });

export const encodeDossier = (dossier: Dossier): string =>
  JSON.stringify({
    ...compact(dossier, BLANK_DOSSIER),
    // Most dossiers are of their intake agency; left out, a role is the intake agency's.
    competent: hasOtherCompetent(dossier) ? dossier.competent : undefined,
    lodgedFor: dossier.lodgedFor === dossier.lodgedWith ? undefined : dossier.lodgedFor,
    open: dossier.open.map((task) => compact(task, BLANK_TASK)),
  });

/** Records of results from before they had data lack it. */
const withData = <R extends object>(result: R): R & { data: Record<string, string> } => ({
  data: {},
  ...result,
});

export function decodeDossier(record: string): Dossier {
  const kept = JSON.parse(record) as Partial<Dossier> & { open: Partial<Task>[] };
  const { intake = nobody, competent = intake, lodgedWith = '', lodgedFor = lodgedWith } = kept;
  const { resultReturn: agreed = null } = kept;
  const resultReturn = agreed && { ...agreed, agencyId: agreed.agencyId ?? '' };
  return {
    ...BLANK_DOSSIER,
    ...kept,
    competent,
    lodgedFor,
    resultReturn,
    open: kept.open.map(toTask),
    results: (kept.results ?? none).map(withData),
    subResults: (kept.subResults ?? none).map(withData),
  };
}
