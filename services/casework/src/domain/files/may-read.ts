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
 * True while an agency reads a dossier's files as a participant. The first rule that applies decides:
 * - Who does not take part never reads.
 * - From `endedDays` after a refusal or withdrawal, nobody reads.
 * - The agency it was lodged with, its intake agency, the competent agency and the holder read without an end.
 * - The agency that gives the result out reads without an end, once the dossier is finished.
 * - Who has or had a task other than a consultation reads without an end.
 * - Who is only consulted reads until `consultedDays` after its last consultation has closed.
 *
 * What an agency has uploaded itself it reads for ever; `usableFiles` adds that.
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
