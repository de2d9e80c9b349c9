/** Walks one dossier on one way through a plan; every step takes its whole time limit. */
import { add, type Calendar, MINUTE_MS, nextWorkingMoment, startOfClock } from '@lienthong/working-time';
import type { HandOverPart, ParallelPart, Part, StepPart, Work } from './plan.ts';
import type { Territory } from './territory.ts';
import type { Way } from './ways.ts';

/** Instants are epoch milliseconds. */
export interface Visit {
  work: Work;
  /** When the dossier arrived. */
  arrivedAt: number;
  /** When its clock starts. */
  startsAt: number;
  endsAt: number;
  /** When a join, or the end of the dossier elsewhere, cancels the work; undefined when that is not before its end. */
  cancelledAt?: number;
}

export interface Passage {
  at: number;
  /** The agency that answers for the dossier. */
  holder: string;
  /** True when the dossier has ended here. */
  over: boolean;
  /** Working minutes until here, along `path`; of parallel branches, those of the decisive one. */
  minutes: number;
  path: Path | undefined;
}

/** The visits until here, as a list that is linked backwards. */
export interface Path {
  visit: Visit;
  before: Path | undefined;
}

export function visitsOf(path: Path | undefined): Visit[] {
  const visits: Visit[] = [];
  for (let at = path; at !== undefined; at = at.before) visits.push(at.visit);
  return visits.reverse();
}

export interface Walk extends Passage {
  /** In the order of the workflow. */
  visits: readonly Visit[];
}

/** Computes when work that arrives at an instant starts and ends, and caches it. */
export interface Timetable {
  calendarOf(agencyId: string): Calendar;
  visit(work: Work, arrivedAt: number, reception: boolean): { startsAt: number; endsAt: number };
  /** The works of a hand-over from an agency. */
  receptions(part: HandOverPart, fromId: string): readonly Work[];
}

type Times = ReturnType<Timetable['visit']>;

export function timetableOf(territory: Pick<Territory, 'calendarOf' | 'receivers'>): Timetable {
  const stays = new Map<Work, Map<number, Times>>();
  const comes = new Map<Work, Map<number, Times>>();
  const receptions = new Map<HandOverPart, Map<string, readonly Work[]>>();
  const calendars = new Map<string, Calendar>();
  const calendarOf = (agencyId: string) => cached(calendars, agencyId, territory.calendarOf);

  function timesOf(work: Work, arrivedAt: number, reception: boolean): Times {
    const calendar = calendarOf(work.agencyId);
    // Work that stays in its agency continues at once: the cutoff does not apply.
    const from = reception ? startOfClock(calendar, arrivedAt) : arrivedAt;
    const endsAt = add(calendar, from, work.duration);
    return { startsAt: Math.min(nextWorkingMoment(calendar, from), endsAt), endsAt };
  }
  return {
    calendarOf,
    visit(work, arrivedAt, reception) {
      const known = cached(reception ? comes : stays, work, () => new Map<number, Times>());
      const key = keyOfInstant(arrivedAt);
      let times = known.get(key);
      if (times === undefined) {
        times = timesOf(work, arrivedAt, reception);
        known.set(key, times);
      }
      return times;
    },
    receptions(part, fromId) {
      const known = cached(receptions, part, () => new Map<string, readonly Work[]>());
      return cached(known, fromId, () =>
        territory
          .receivers(fromId, part.to)
          .map((agencyId, i) => ({ ...part.work, order: [...part.work.order, i], agencyId })),
      );
    },
  };
}

/** Whole minutes become their number, because a map finds small integers several times faster. */
const keyOfInstant = (at: number): number => (at % MINUTE_MS === 0 ? (at / MINUTE_MS) | 0 : at);

function cached<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make(key);
  map.set(key, value);
  return value;
}

/**
 * The passage of a dossier received at an instant.
 * @param usual true: every step ends with its first outcome; false: a step continues where it may
 */
export function walk(
  root: Part,
  intake: string,
  receivedAt: number,
  way: Way,
  timetable: Timetable,
  usual = false,
): Walk {
  const visits: Visit[] = [];
  const at = startOfClock(timetable.calendarOf(intake), receivedAt);
  const begun: Passage = { at, holder: intake, over: false, minutes: 0, path: undefined };
  return { ...pass({ way, timetable, usual, visits }, root, begun), visits };
}

interface WalkState {
  way: Way;
  timetable: Timetable;
  usual: boolean;
  visits: Visit[];
}

function pass(state: WalkState, part: Part, from: Passage): Passage {
  if (from.over) return from;
  switch (part.kind) {
    case 'sequence':
      return part.parts.reduce((passage, inner) => pass(state, inner, passage), from);
    case 'choice': {
      const taken = part.parts[state.way.branches.get(part) ?? part.cases.length];
      return taken ? pass(state, taken, from) : from;
    }
    case 'step':
      return { ...visitWork(state, part.work, from), over: ends(part, state.usual) };
    case 'hand-over':
      return state.timetable
        .receptions(part, from.holder)
        .reduce((passage, work) => visitWork(state, work, passage), from);
    case 'consultation': {
      const answers = part.works.map((work) => visitWork(state, work, { ...from, holder: part.lead }));
      const last = answers.reduce((latest, one) => (one.at > latest.at ? one : latest), answers[0] ?? from);
      return { ...last, holder: part.lead };
    }
    case 'sub-procedure': {
      const at = startOfClock(state.timetable.calendarOf(part.intake), from.at);
      const received = part.intake === from.holder ? from : { ...from, at, holder: part.intake };
      const through = pass(state, part.part, received);
      // This dossier continues, however the dossier of the sub-procedure ends.
      return { ...through, holder: from.holder, over: false };
    }
    case 'parallel':
      return passParallel(state, part, from);
  }
}

const ends = ({ usual, mayContinue }: StepPart, asUsual: boolean): boolean =>
  asUsual ? usual !== 'continue' : !mayContinue;

function visitWork(state: WalkState, work: Work, from: Passage): Passage {
  const reception = work.agencyId !== from.holder;
  const { startsAt, endsAt } = state.timetable.visit(work, from.at, reception);
  const visit: Visit = { work, arrivedAt: from.at, startsAt, endsAt };
  state.visits.push(visit);
  const minutes = from.minutes + work.minutes;
  return { at: endsAt, holder: work.agencyId, over: false, minutes, path: { visit, before: from.path } };
}

function passParallel(state: WalkState, { parts, join, leading }: ParallelPart, from: Passage): Passage {
  const first = state.visits.length;
  const branches = parts.map((part) => pass(state, part, from));
  const lead = branches[leading];
  if (lead === undefined) return from;
  const open = branches.filter((one) => !one.over);
  const [ended] = branches.filter((one) => one.over).sort((a, b) => a.at - b.at);
  const done = { all: ended ? [] : branches, lead: lead.over ? [] : [lead], first: open }[join];
  const instants = done.map((one) => one.at);
  const joinsAt = join === 'first' ? Math.min(...instants) : Math.max(...instants);
  const [decisive] = done.toSorted((a, b) =>
    join === 'first' ? a.minutes - b.minutes : b.minutes - a.minutes,
  );
  const through: Passage | undefined =
    decisive && !(ended && ended.at < joinsAt) ? { ...decisive, at: joinsAt, holder: lead.holder } : ended;
  if (through === undefined) return from;
  for (const visit of state.visits.slice(first)) {
    if (visit.endsAt > through.at) visit.cancelledAt = Math.min(visit.cancelledAt ?? through.at, through.at);
  }
  return through;
}
