/** How long those who take part in a dossier read its papers and results. */
import { TaskKind } from '@lienthong/contracts/casework';
import type { Dossier, Task } from '../dossier/state.ts';

const DAY_MS = 86_400_000;

export const READING = {
  /** After the last consultation of an agency that is only consulted has ended. The platform's rule: no text sets one. */
  consultedDays: 30,
  /** After a refusal or withdrawal: the time for a complaint (Luật Khiếu nại 02/2011/QH13, Điều 9). */
  endedDays: 90,
} as const;

/**
 * True while an agency reads a dossier's files. Who took it in, is competent, holds it, did a step, or gives the result out once there is one reads them without an end; who is
 * only consulted, until some days after its consultation; after a refusal or withdrawal everyone only for some days.
 * @param tasks the agency's own, open and closed
 * @param isOwn true for the id of the agency, and of each agency it stands for
 */
export function mayReadFiles(
  dossier: Dossier,
  tasks: readonly Task[],
  isOwn: (agencyId: string) => boolean,
  now: number,
): boolean {
  if (!dossier.participants.some(isOwn)) return false;
  const ended = dossier.refusedAt ?? dossier.withdrawnAt;
  if (ended !== null && now > ended + READING.endedDays * DAY_MS) return false;
  const { intake, competent, holder, lodgedWith, resultReturn, finishedAt } = dossier;
  if ([intake.agencyId, competent.agencyId, lodgedWith, holder.agencyId].some(isOwn)) return true;
  if (finishedAt !== null && isOwn(resultReturn?.agencyId ?? '')) return true;
  return tasks.some(
    ({ kind, closedAt }) =>
      kind !== TaskKind.CONSULTATION || closedAt === null || now <= closedAt + READING.consultedDays * DAY_MS,
  );
}
