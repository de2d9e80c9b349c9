import { type AgencyClient, LienThongError } from '@lienthong/client';
import type { DossierStanding, DossierStatus } from '@lienthong/contracts/casework';
import type { Agency } from '../agencies.ts';
import { completion, lodging, STEPS } from '../procedure.ts';
import { callers, clientOf } from './callers.ts';
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
export interface Dossiers {
  /** By id. */
  acknowledged: Map<string, AcknowledgedDossier>;
  completions: number;
  /** Steps that two officers completed at the same time. */
  races: number;
  /** Contradictions: two replies of a race that cannot both be true, and refusals without cause. */
  contradictions: string[];
  unanswered: number;
}

/** How the slower of two officers is refused. */
const TOO_LATE: ReadonlySet<string> = new Set(['TASK_CLOSED', 'DOSSIER_CLOSED']);

/**
 * Agencies that repeatedly lodge a dossier and complete its steps. Every second step is completed by two
 * officers at once, each through a process of its own.
 */
export function dossierTraffic(
  cluster: Cluster,
  agencies: readonly Agency[],
  count: number,
): { stop(): Promise<Dossiers> } {
  const result: Dossiers = {
    acknowledged: new Map(),
    completions: 0,
    races: 0,
    contradictions: [],
    unanswered: 0,
  };
  const running = callers(count, async (caller, n) => {
    const { id } = agencies[caller] as Agency;
    const officers = await Promise.all([0, 1].map((i) => clientOf(cluster, id, caller + i, `chaos-${i}`)));
    try {
      await wholeDossier(officers, n, result);
    } finally {
      for (const one of officers) one.close();
    }
  });
  return {
    async stop() {
      const unanswered = await running.stop();
      return { ...result, unanswered };
    },
  };
}

async function wholeDossier(officers: readonly AgencyClient[], n: number, result: Dossiers): Promise<void> {
  const [first] = officers as [AgencyClient];
  const { dossierId, code, status, version } = await first.casework.lodgeDossier(lodging());
  const entry: AcknowledgedDossier = { code, status, version, completed: [], exact: false };
  result.acknowledged.set(dossierId, entry);
  for (let taskNumber = 1; taskNumber <= STEPS; taskNumber += 1) {
    const racing = (n + taskNumber) % 2 === 0;
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
