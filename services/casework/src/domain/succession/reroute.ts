/** An agency has ended: its open work moves to its successor, as it is and with its history. */
import { RecomputeCause } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { type AgencyRegister, hasEnded, mainSuccession, partyAt } from '@lienthong/reference-data';
import { recomputeDeadlines } from '../deadlines/recompute.ts';
import { apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { decideForPlatform, type PlatformDecision } from '../decision/platform.ts';
import type { Dossier } from '../dossier/state.ts';
import { leadingTask } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { patchTask, withParticipant } from '../work/tasks.ts';
import { releaseTasks } from './release.ts';

/**
 * The agency that has the work of one that has ended by the date; undefined while that exists, and without a successor.
 * Work that was found by a function goes to the successor that took the function over, all other work to the main one.
 * @param fn '' for work that was not found by a function
 */
export function successorOf(
  register: AgencyRegister,
  agencyId: string,
  fn: string,
  date: string,
): Agency | undefined {
  let at = register.get(agencyId);
  const seen = new Set<string>();
  while (at !== undefined && hasEnded(at, date) && !seen.has(at.id)) {
    seen.add(at.id);
    const edge = at.successors.find(({ functions }) => functions.includes(fn)) ?? mainSuccession(at);
    at = edge === undefined ? undefined : register.get(edge.successorId);
  }
  if (at !== undefined && !hasEnded(at, date)) return at.id === agencyId ? undefined : at;
  return fn === '' ? undefined : successorOf(register, agencyId, '', date);
}

/** Agencies that have ended by the date, by whether a successor has any of their work now. */
export function endedAgencies(
  register: AgencyRegister & { all(): Iterable<Agency> },
  date: string,
): { followed: string[]; without: string[] } {
  const followed: string[] = [];
  const without: string[] = [];
  for (const agency of register.all()) {
    if (!hasEnded(agency, date)) continue;
    const functions = ['', ...agency.successors.flatMap((edge) => edge.functions)];
    const isFollowed = functions.some((fn) => successorOf(register, agency.id, fn, date));
    (isFollowed ? followed : without).push(agency.id);
  }
  return { followed, without };
}

/** Refuses: what `openDraft` refuses, OUTSIDE_CALENDAR. */
export const reroute = (dossier: Dossier, world: World, now: number): PlatformDecision =>
  decideForPlatform(dossier, world, now, bringUpToDate);

/**
 * Moves work to successors and frees what officers left behind. Every decision begins with it: the directory may have
 * changed before the dossier is brought up to date.
 */
export const bringUpToDate: Edit = (draft) => releaseTasks(succeed(draft));

/** What moves from one agency to its successor. */
interface Move {
  from: Agency;
  to: Agency;
  taskNumbers: number[];
  intakeMoved: boolean;
  competentMoved: boolean;
}

/**
 * Moves the intake, the competent agency, the open tasks and the holder of a dossier to the successors of agencies that
 * have ended by now. Deadlines follow the successor's office hours. A task keeps its officer, whom `releaseTasks` frees it from unless they
 * came along; one whom the directory does not know did not. The agencies that a hand-over has still to pass are looked up
 * when it does.
 */
const succeed: Edit = (draft) => {
  const { dossier, today } = draft;
  const moves = new Map<string, Move>();
  const intake = moveOf(draft, moves, dossier.intake.agencyId, '');
  if (intake) intake.intakeMoved = true;
  const competent = moveOf(draft, moves, dossier.competent.agencyId, dossier.competentByFunction);
  if (competent) competent.competentMoved = true;
  const tasks = dossier.open.flatMap((task) => {
    const move = moveOf(draft, moves, task.agency.agencyId, task.byFunction);
    move?.taskNumbers.push(task.number);
    return move ? [{ task, to: move.to }] : [];
  });
  // The holder moves with the leading task; without one (a consultation, a sub-procedure) by itself.
  const lead = leadingTask(dossier);
  const holder = lead
    ? tasks.find(({ task }) => task === lead)?.to
    : moveOf(draft, moves, dossier.holder.agencyId, dossier.heldByFunction)?.to;
  if (moves.size === 0) return draft;
  const all = [...moves.values()];
  return apply(
    draft,
    patch({
      ...(intake ? { intake: partyAt(intake.to, today) } : {}),
      ...(competent ? { competent: partyAt(competent.to, today) } : {}),
      // Set here, it counts as a succession and not as a new holder.
      holder: holder ? partyAt(holder, today) : (lead?.agency ?? dossier.holder),
      participants: all.reduce((ids, { to }) => withParticipant(ids, to.id), dossier.participants),
    }),
    ...tasks.map(({ task, to }) =>
      patchTask(task, {
        agency: partyAt(to, today),
        assigneeId: draft.world.officers.get(task.assigneeId)?.id ?? '',
      }),
    ),
    ...all.map((move) => emitMove(draft, move)),
    recomputeDeadlines({
      cause: RecomputeCause.REORGANISATION,
      reason: all.map((move) => reasonOf(draft, move)).join('; '),
    }),
  );
};

function moveOf(draft: Draft, moves: Map<string, Move>, agencyId: string, fn: string): Move | undefined {
  const { agencies } = draft.world;
  const to = successorOf(agencies, agencyId, fn, draft.today);
  const from = agencies.get(agencyId);
  if (!to || !from) return undefined;
  const key = `${from.id} ${to.id}`;
  const move = moves.get(key) ?? { from, to, taskNumbers: [], intakeMoved: false, competentMoved: false };
  moves.set(key, move);
  return move;
}

function emitMove({ today, now }: Draft, { from, to, ...moved }: Move): Edit {
  const party = partyAt(to, today);
  const payload = {
    from: partyAt(from, from.endedOn),
    to: party,
    ...moved,
    effectiveOn: from.endedOn,
    at: new Date(now),
  };
  return emit('lienthong.casework.v1.DossierRerouted', payload, party);
}

function reasonOf({ today }: Draft, { from, to }: Move): string {
  const legalBasis = from.successors.find((edge) => edge.legalBasis !== '')?.legalBasis;
  const moved = `${partyAt(from, from.endedOn).name} chuyển giao cho ${partyAt(to, today).name}`;
  return legalBasis === undefined ? moved : `${moved} (${legalBasis})`;
}
