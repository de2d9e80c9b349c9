/** One dossier on one way through a plan, everybody taking all the time they are given. */
import { add, type Calendar, MINUTE_MS, nextWorkingMoment, startOfClock } from '@lienthong/working-time';
import type { HandOverPart, ParallelPart, Part, StepPart, Work } from './plan.ts';
import type { Territory } from './territory.ts';
import type { Way } from './ways.ts';

/** Instants are epoch milliseconds. */
export interface Visit {
  work: Work;
  /** When the dossier came. */
  cameAt: number;
  /** When its clock starts. */
  startsAt: number;
  endsAt: number;
  /** When a join or the end of the dossier elsewhere makes it needless, if that is before its end. */
  cancelledAt?: number;
}

export interface Passage {
  at: number;
  /** The agency that answers for the dossier. */
  holder: string;
  /** The dossier has ended here: no step leads on. */
  over: boolean;
  /** Working minutes, and the visits that they were spent on; of branches side by side the decisive one. */
  minutes: number;
  path: Path | undefined;
}

/** The last visit, and the way to it. */
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

/** When work that came at an instant starts and ends; computed once and kept. */
export interface Timetable {
  calendarOf(agencyId: string): Calendar;
  visit(work: Work, cameAt: number, reception: boolean): { startsAt: number; endsAt: number };
  /** The works of a hand-over from an agency. */
  receptions(part: HandOverPart, fromId: string): readonly Work[];
}

type Times = ReturnType<Timetable['visit']>;

export function timetableOf(territory: Pick<Territory, 'calendarOf' | 'receivers'>): Timetable {
  const stays = new Map<Work, Map<number, Times>>();
  const comes = new Map<Work, Map<number, Times>>();
  const receptions = new Map<HandOverPart, Map<string, readonly Work[]>>();
  const calendars = new Map<string, Calendar>();
  const calendarOf = (agencyId: string) => kept(calendars, agencyId, territory.calendarOf);

  function timesOf(work: Work, cameAt: number, reception: boolean): Times {
    const calendar = calendarOf(work.agencyId);
    // Work that stays in its agency goes on where it was: a day that follows a day is one day more, no cutoff.
    const from = reception ? startOfClock(calendar, cameAt) : cameAt;
    const endsAt = add(calendar, from, work.duration);
    return { startsAt: Math.min(nextWorkingMoment(calendar, from), endsAt), endsAt };
  }
  return {
    calendarOf,
    visit(work, cameAt, reception) {
      const known = kept(reception ? comes : stays, work, () => new Map<number, Times>());
      const key = keyOfInstant(cameAt);
      let times = known.get(key);
      if (times === undefined) {
        times = timesOf(work, cameAt, reception);
        known.set(key, times);
      }
      return times;
    },
    receptions(part, fromId) {
      const known = kept(receptions, part, () => new Map<string, readonly Work[]>());
      return kept(known, fromId, () =>
        territory
          .receivers(fromId, part.to)
          .map((agencyId, i) => ({ ...part.work, order: [...part.work.order, i], agencyId })),
      );
    },
  };
}

/** Whole minutes as their number: a map finds small integers several times faster. Others keep their own. */
const keyOfInstant = (at: number): number => (at % MINUTE_MS === 0 ? (at / MINUTE_MS) | 0 : at);

function kept<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make(key);
  map.set(key, made);
  return made;
}

/**
 * The passage of a dossier received at an instant.
 * @param usual true: steps end as they usually do, with their first outcome; else they go on wherever they may
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

interface Going {
  way: Way;
  timetable: Timetable;
  usual: boolean;
  visits: Visit[];
}

function pass(going: Going, part: Part, from: Passage): Passage {
  if (from.over) return from;
  switch (part.kind) {
    case 'sequence':
      return part.parts.reduce((passage, inner) => pass(going, inner, passage), from);
    case 'choice': {
      const taken = part.parts[going.way.branches.get(part) ?? part.cases.length];
      return taken ? pass(going, taken, from) : from;
    }
    case 'step':
      return { ...visited(going, part.work, from), over: ends(part, going.usual) };
    case 'hand-over':
      return going.timetable
        .receptions(part, from.holder)
        .reduce((passage, work) => visited(going, work, passage), from);
    case 'consultation': {
      const answers = part.works.map((work) => visited(going, work, { ...from, holder: part.lead }));
      const last = answers.reduce((latest, one) => (one.at > latest.at ? one : latest), answers[0] ?? from);
      return { ...last, holder: part.lead };
    }
    case 'sub-procedure': {
      const at = startOfClock(going.timetable.calendarOf(part.intake), from.at);
      const received = part.intake === from.holder ? from : { ...from, at, holder: part.intake };
      const through = pass(going, part.part, received);
      // However it ends there, here the dossier goes on.
      return { ...through, holder: from.holder, over: false };
    }
    case 'parallel':
      return passParallel(going, part, from);
  }
}

const ends = ({ usual, mayContinue }: StepPart, asUsual: boolean): boolean =>
  asUsual ? usual !== 'continue' : !mayContinue;

function visited(going: Going, work: Work, from: Passage): Passage {
  const reception = work.agencyId !== from.holder;
  const { startsAt, endsAt } = going.timetable.visit(work, from.at, reception);
  const visit: Visit = { work, cameAt: from.at, startsAt, endsAt };
  going.visits.push(visit);
  const minutes = from.minutes + work.minutes;
  return { at: endsAt, holder: work.agencyId, over: false, minutes, path: { visit, before: from.path } };
}

function passParallel(going: Going, { parts, join, leading }: ParallelPart, from: Passage): Passage {
  const first = going.visits.length;
  const branches = parts.map((part) => pass(going, part, from));
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
  for (const visit of going.visits.slice(first)) {
    if (visit.endsAt > through.at) visit.cancelledAt = Math.min(visit.cancelledAt ?? through.at, through.at);
  }
  return through;
}
