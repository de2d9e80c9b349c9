import {
  type Dossier,
  type DossierStanding,
  DossierStatus,
  type LodgeDossierResponse,
} from '@lienthong/contracts/casework';
import { vietnamDate } from '@lienthong/kit';
import type { Conduct } from './plan.ts';
import type { DemoProcedure } from './procedures.ts';

/** One dossier of the story: what the platform acknowledged, and how the dossier was shown last. */
export interface Case {
  id: string;
  code: string;
  /** Empty for a sub-procedure's dossier, which has no receipt. */
  secret: string;
  procedure: DemoProcedure;
  conduct: Conduct;
  parentId: string;
  /** The agency that took it in; after the merger its successor. */
  intakeId: string;
  lodgedAt: number;
  endedAt: number | undefined;
  status: DossierStatus;
  dueAt: number | undefined;
  /** What its lodging cost, in đồng. */
  feeVnd: bigint;
  version: bigint;
  supplements: number;
  extended: boolean;
  late: boolean;
  early: boolean;
  /** The agency from which the merger rerouted it. */
  movedFrom: string;
  /** No officer acts before; epoch milliseconds. */
  waitUntil: number;
  did: Set<string>;
  /** The dossier as it was read last. */
  seen: Dossier;
}

export type Ledger = Map<string, Case>;

const ENDED: ReadonlySet<DossierStatus> = new Set([
  DossierStatus.REFUSED,
  DossierStatus.WITHDRAWN,
  DossierStatus.RESULT_RETURNED,
]);

export const isEnded = ({ status }: Case): boolean => ENDED.has(status);
export const isFinished = ({ status }: Case): boolean => status === DossierStatus.RESULT_RETURNED;

export function noteLodged(
  ledger: Ledger,
  reply: LodgeDossierResponse,
  about: Pick<Case, 'procedure' | 'conduct' | 'intakeId' | 'parentId' | 'lodgedAt' | 'seen'>,
): Case {
  const made: Case = {
    ...about,
    id: reply.dossierId,
    code: reply.code,
    secret: reply.trackingSecret,
    endedAt: undefined,
    status: reply.status,
    dueAt: reply.dueAt?.getTime(),
    feeVnd: reply.fee?.totalVnd ?? 0n,
    version: reply.version,
    supplements: 0,
    extended: false,
    late: false,
    early: false,
    movedFrom: '',
    waitUntil: 0,
    did: new Set(),
  };
  if (ledger.has(made.id)) throw new Error(`dossier ${made.code} was lodged twice`);
  ledger.set(made.id, made);
  return made;
}

/** Notes the reply to a change, at a moment of the story. */
export function noteStanding(one: Case, standing: DossierStanding | undefined, now: number): void {
  if (standing?.dossierId !== one.id)
    throw new Error(`the reply to a change of ${one.code} is for another dossier`);
  if (standing.version <= one.version)
    throw new Error(`a change of ${one.code} left it at ${standing.version}, not beyond ${one.version}`);
  const before = one.dueAt;
  const finished = standing.status === DossierStatus.FINISHED;
  if ((finished || ENDED.has(standing.status)) && one.endedAt === undefined) one.endedAt = now;
  if (finished && before !== undefined) {
    one.late = now > before;
    one.early = vietnamDate(new Date(now)) < vietnamDate(new Date(before));
  }
  one.status = standing.status;
  one.version = standing.version;
  one.dueAt = standing.status === DossierStatus.WITHDRAWN ? undefined : (standing.dueAt?.getTime() ?? before);
}
