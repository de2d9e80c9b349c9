/** An agency has ended: its open work goes to who stands in its place, as it is and with its history. */
import { RecomputeCause } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { type AgencyRegister, activeAt, hasEnded, mainSuccession, partyAt } from '@lienthong/reference-data';
import { recomputeDeadlines } from '../deadlines/recompute.ts';
import { type Draft, draftAt, emit, patch } from '../decision/draft.ts';
import { type Outcome, outcomeOf, PLATFORM } from '../decision/platform.ts';
import type { Dossier, Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { patchTask } from '../work/tasks.ts';

/**
 * Who has the work of an agency that has ended by the date; undefined while it is there, and when nobody follows. What
 * an agency did by a function goes to the successor that took the function over, everything else to the main one.
 * @param fn '' for what was not found by a function
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

/** Agencies that have ended by the date, by whether somebody has (any of) their work now. */
export function endedAgencies(
  register: AgencyRegister & { all(): Iterable<Agency> },
  date: string,
): { followed: string[]; without: string[] } {
  const followed: string[] = [];
  const without: string[] = [];
  for (const agency of register.all()) {
    if (!hasEnded(agency, date)) continue;
    const functions = ['', ...agency.successors.flatMap((edge) => edge.functions)];
    const somebody = functions.some((fn) => successorOf(register, agency.id, fn, date));
    (somebody ? followed : without).push(agency.id);
  }
  return { followed, without };
}

/** True while something of the dossier is with an agency that has ended, though somebody has its work now. */
export function awaitsSuccessor({ world, dossier, today }: Draft): boolean {
  const moves = (agencyId: string, fn: string) =>
    successorOf(world.agencies, agencyId, fn, today) !== undefined;
  return (
    moves(dossier.intake.agencyId, '') ||
    dossier.open.some(({ agency, byFunction }) => moves(agency.agencyId, byFunction)) ||
    (!leading(dossier) && moves(dossier.holder.agencyId, dossier.heldByFunction))
  );
}

interface Move {
  from: Agency;
  to: Agency;
  taskNumbers: number[];
  intakeMoved: boolean;
}

/**
 * Moves the intake, the open tasks and the holder of a dossier to the successors of agencies that have ended by now;
 * deadlines are those of the successor's office hours. A task stays with its officer only if he is in position there.
 * The agencies a hand-over has still to pass are looked up when it does. Refused: what `draftAt` refuses.
 * @throws RefusalError OUTSIDE_CALENDAR
 */
export function reroute(dossier: Dossier, world: World, now: number): Outcome {
  const entered = draftAt(dossier, world, PLATFORM, now);
  if (!entered.ok) return { refusal: entered.refusal };
  succeed(entered.value);
  return outcomeOf(entered.value, dossier);
}

/** The same at the beginning of another decision: the successor may act before the dossier has been moved to it. */
export function succeed(draft: Draft): void {
  if (!awaitsSuccessor(draft)) return;
  const moves = new Map<string, Move>();
  moveIntake(draft, moves);
  for (const task of draft.dossier.open) moveTask(draft, task, moves);
  moveHolder(draft, moves);
  for (const move of moves.values()) tell(draft, move);
  if (moves.size > 0) {
    const reason = [...moves.values()].map((move) => reasonOf(draft, move)).join('; ');
    recomputeDeadlines(draft, { cause: RecomputeCause.REORGANISATION, reason });
  }
}

function moveIntake(draft: Draft, moves: Map<string, Move>): void {
  const move = moveOf(draft, draft.dossier.intake.agencyId, '', moves);
  if (!move) return;
  move.intakeMoved = true;
  patch(draft, { intake: partyAt(move.to, draft.today) });
}

function moveTask(draft: Draft, task: Task, moves: Map<string, Move>): void {
  const move = moveOf(draft, task.agency.agencyId, task.byFunction, moves);
  if (!move) return;
  move.taskNumbers.push(task.number);
  patchTask(draft, task, {
    agency: partyAt(move.to, draft.today),
    assigneeId: isThere(draft, task.assigneeId, move.to.id) ? task.assigneeId : '',
  });
}

/** With the task that leads; where none does (a consultation, a sub-procedure), by itself. */
function moveHolder(draft: Draft, moves: Map<string, Move>): void {
  const { holder, heldByFunction } = draft.dossier;
  const task = leading(draft.dossier);
  const move = task ? undefined : moveOf(draft, holder.agencyId, heldByFunction, moves);
  if (moves.size === 0) return;
  // Set here, it counts as a succession and not as a new holder.
  patch(draft, { holder: task?.agency ?? (move ? partyAt(move.to, draft.today) : holder) });
}

const leading = ({ open }: Dossier): Task | undefined => open.find((task) => task.lead);

function moveOf(draft: Draft, agencyId: string, fn: string, moves: Map<string, Move>): Move | undefined {
  const { agencies } = draft.world;
  const to = successorOf(agencies, agencyId, fn, draft.today);
  const from = agencies.get(agencyId);
  if (!to || !from) return undefined;
  const key = `${from.id} ${to.id}`;
  const move = moves.get(key) ?? { from, to, taskNumbers: [], intakeMoved: false };
  moves.set(key, move);
  const { participants } = draft.dossier;
  if (!participants.includes(to.id)) patch(draft, { participants: [...participants, to.id] });
  return move;
}

function isThere({ world, today }: Draft, officerId: string, agencyId: string): boolean {
  const officer = officerId === '' ? undefined : world.officers.get(officerId);
  return officer?.agencyId === agencyId && activeAt(world, officer, today);
}

function tell(draft: Draft, { from, to, taskNumbers, intakeMoved }: Move): void {
  const party = partyAt(to, draft.today);
  const payload = {
    from: partyAt(from, from.endedOn),
    to: party,
    taskNumbers,
    intakeMoved,
    effectiveOn: from.endedOn,
    at: new Date(draft.now),
  };
  emit(draft, 'lienthong.casework.v1.DossierRerouted', payload, party);
}

function reasonOf({ today }: Draft, { from, to }: Move): string {
  const legalBasis = from.successors.find((edge) => edge.legalBasis !== '')?.legalBasis;
  const moved = `${partyAt(from, from.endedOn).name} chuyển giao cho ${partyAt(to, today).name}`;
  return legalBasis === undefined ? moved : `${moved} (${legalBasis})`;
}
