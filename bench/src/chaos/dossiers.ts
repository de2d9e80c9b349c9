import { type AgencyClient, LienThongError } from '@lienthong/client';
import type { DossierStanding, DossierStatus } from '@lienthong/contracts/casework';
import type { Agency } from '../agencies.ts';
import { completion, lodging, STEPS } from '../procedure.ts';
import { callers, clientOf, oneReply, type Rounds } from './callers.ts';
import type { Cluster } from './cluster.ts';

export interface AcknowledgedDossier {
  code: string;
  /** The newest that was acknowledged. */
  status: DossierStatus;
  version: bigint;
  /** Tasks whose completion was acknowledged. */
  completed: number[];
  /** Every call has a reply, so the dossier must be exactly as acknowledged. */
  exact: boolean;
}

/** What the platform acknowledged. */
export interface Dossiers extends Rounds {
  /** By id. */
  acknowledged: Map<string, AcknowledgedDossier>;
  completions: number;
  /** Steps that two officers completed at the same time. */
  races: number;
  /** Contradictions: two replies that cannot both be true, and refusals without cause. */
  contradictions: string[];
}

/** How the slower of two officers is refused. */
const TOO_LATE: ReadonlySet<string> = new Set(['TASK_CLOSED', 'DOSSIER_CLOSED']);

/** Every so many dossiers are lodged through both processes at once, by one request. */
const TWINS = 3;

/**
 * Agencies that repeatedly lodge a dossier and complete its steps. Every second step is completed by two
 * officers at once, each through a process of its own.
 */
export function dossierTraffic(
  cluster: Pick<Cluster, 'token' | 'addresses'>,
  agencies: readonly Agency[],
  count: number,
  onReply?: () => void,
): { stop(boundMs?: number): Promise<Dossiers> } {
  const result: Omit<Dossiers, keyof Rounds> = {
    acknowledged: new Map(),
    completions: 0,
    races: 0,
    contradictions: [],
  };
  const running = callers(
    count,
    async (caller, n, doing) => {
      const { id } = agencies[caller] as Agency;
      const officers = await Promise.all([0, 1].map((i) => clientOf(cluster, id, caller + i, `chaos-${i}`)));
      const twins = n % TWINS === 0 ? [caller, caller + 1] : [caller];
      const counters = await Promise.all(twins.map((process) => clientOf(cluster, id, process, 'chaos-0')));
      try {
        await wholeDossier({ counters, officers, n, doing }, result);
      } finally {
        for (const one of [...officers, ...counters]) one.close();
      }
    },
    onReply,
  );
  return {
    async stop(boundMs) {
      return { ...(await running.stop(boundMs)), ...result };
    },
  };
}

interface Round {
  /** The officer who lodges, through each of the processes that get the request. */
  counters: readonly AgencyClient[];
  officers: readonly AgencyClient[];
  n: number;
  doing: (what: string) => void;
}

async function wholeDossier(
  { counters, officers, n, doing }: Round,
  result: Omit<Dossiers, keyof Rounds>,
): Promise<void> {
  const [first] = officers as [AgencyClient];
  const request = lodging();
  doing(`LodgeDossier ${request.requestId}`);
  const { dossierId, code, status, version } = await oneReply(
    counters.map(({ casework }) => casework.lodgeDossier(request)),
    (reply) => reply.dossierId,
    (ids) =>
      result.contradictions.push(`request ${request.requestId} made the dossiers ${ids.join(' and ')}`),
  );
  const entry: AcknowledgedDossier = { code, status, version, completed: [], exact: false };
  result.acknowledged.set(dossierId, entry);
  for (let taskNumber = 1; taskNumber <= STEPS; taskNumber += 1) {
    const racing = (n + taskNumber) % 2 === 0;
    doing(`CompleteTask ${taskNumber} of ${code}`);
    const attempts = (racing ? officers : [first]).map(async ({ casework }) => {
      const { standing } = await casework.completeTask(completion(dossierId, taskNumber));
      return standing as DossierStanding;
    });
    const results = await Promise.allSettled(attempts);
    const done = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const { status, version } of done) {
      if (version > entry.version) Object.assign(entry, { status, version });
      entry.completed.push(taskNumber);
      result.completions += 1;
    }
    if (racing) result.races += 1;
    const tooLate = failed.filter((error) => error instanceof LienThongError && TOO_LATE.has(error.reason));
    if (done.length > 1)
      result.contradictions.push(`${done.length} officers completed task ${taskNumber} of ${code}`);
    if (tooLate.length > 0 && tooLate.length === results.length)
      result.contradictions.push(`nobody completed task ${taskNumber} of ${code}, but it is closed`);
    const [unexplained] = failed.filter((error) => !tooLate.includes(error));
    if (unexplained) throw unexplained;
  }
  entry.exact = true;
}
