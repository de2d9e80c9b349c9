import type { EventRow } from '../store/rows.ts';

export interface HubEvent {
  row: EventRow;
  audience: readonly string[];
}

/** Why a follower is woken without an event. */
export type Ending = 'stopping' | 'renew';

/** One open stream: what waits for it, never more than a page. */
export interface Follower {
  /** The agencies and reserved ids whose events it gets; the hub keeps them up to date. */
  readonly ids: readonly string[];
  /** Gets the events after `at`, and from now on each new one. False: the ring does not reach back so far. */
  join(at: number): boolean;
  /** Returns the events that wait for it, and removes them. */
  take(): readonly EventRow[];
  /** True once more events came than may wait: the follower reads from the database again, then joins. */
  readonly behind: boolean;
  readonly ending: Ending | undefined;
  /** Resolves when there is something to do: events, a fall behind, a heartbeat that is due, an ending, an abort. */
  wait(beatAt: number, signal: AbortSignal): Promise<void>;
  leave(): void;
}

export interface HubOptions {
  /** Events that are kept in memory for followers that join. */
  ringEvents: number;
  ringBytes: number;
  /** Events and bytes that wait for one stream. */
  waitingEvents: number;
  waitingBytes: number;
  /** On the monotonic clock, in milliseconds. */
  now(): number;
}

/** Hands what one tail reader reads to the streams it concerns. All of it is synchronous, so nothing comes between. */
export interface Hub {
  /** The last event handed out. */
  readonly seq: number;
  readonly size: number;
  /** Empties the ring; the next event is the one after `seq`. Followers that are not there yet fall behind. */
  reset(seq: number): void;
  publish(events: readonly HubEvent[]): void;
  /** @param endsAt when the stream is to be opened again, on the monotonic clock */
  enter(idsNow: () => readonly string[], types: ReadonlySet<string> | undefined, endsAt: number): Follower;
  /** Computes the ids of every stream again. */
  reassess(): void;
  /** Wakes streams whose heartbeat or end is due: one timer for all streams. */
  tick(): void;
  stop(): void;
}

/** The state of one follower. */
interface Seat {
  ids: readonly string[];
  idsNow: () => readonly string[];
  types: ReadonlySet<string> | undefined;
  endsAt: number;
  joined: boolean;
  behind: boolean;
  ending: Ending | undefined;
  /** The last event it was offered; earlier ones are not offered again. */
  offered: number;
  waiting: EventRow[];
  bytes: number;
  beatAt: number;
  wake: (() => void) | undefined;
}

export function createHub(options: HubOptions): Hub {
  const ring: HubEvent[] = [];
  let ringBytes = 0;
  let seq = 0;
  let stopped = false;
  const seats = new Set<Seat>();
  const byId = new Map<string, Set<Seat>>();

  function index(seat: Seat): void {
    for (const id of seat.ids) {
      const found = byId.get(id) ?? new Set<Seat>();
      byId.set(id, found.add(seat));
    }
  }
  function unindex(seat: Seat): void {
    for (const id of seat.ids) {
      const found = byId.get(id);
      found?.delete(seat);
      if (found?.size === 0) byId.delete(id);
    }
  }

  function offer(seat: Seat, row: EventRow): void {
    if (!seat.joined || seat.offered >= row.seq) return;
    seat.offered = row.seq;
    if (seat.types && !seat.types.has(row.type)) return;
    if (seat.waiting.length >= options.waitingEvents || seat.bytes >= options.waitingBytes) {
      leaveBehind(seat);
    } else {
      seat.waiting.push(row);
      seat.bytes += row.payload.length;
      seat.wake?.();
    }
  }

  function leaveBehind(seat: Seat): void {
    Object.assign(seat, { joined: false, behind: true, waiting: [], bytes: 0 });
    seat.wake?.();
  }

  function keep(event: HubEvent): void {
    ring.push(event);
    ringBytes += event.row.payload.length;
  }
  // In one cut per batch: shifting one by one moves the whole ring each time.
  function trim(): void {
    let drop = 0;
    while (ring.length - drop > options.ringEvents || (ringBytes > options.ringBytes && drop < ring.length)) {
      ringBytes -= ring[drop]?.row.payload.length ?? 0;
      drop += 1;
    }
    if (drop > 0) ring.splice(0, drop);
  }

  function join(seat: Seat, at: number): boolean {
    const oldest = seq - ring.length;
    if (at < oldest) return false;
    Object.assign(seat, { joined: true, behind: false, offered: at, waiting: [], bytes: 0 });
    const mine = new Set(seat.ids);
    for (const event of ring.slice(Math.max(0, at - oldest)))
      if (event.audience.some((id) => mine.has(id))) offer(seat, event.row);
    return true;
  }

  return {
    get seq() {
      return seq;
    },
    get size() {
      return seats.size;
    },
    reset(at) {
      ring.length = 0;
      ringBytes = 0;
      seq = at;
      // A stream may be opened before the tail has begun: what this passes over is in the tables alone.
      for (const seat of seats) if (seat.joined && seat.offered < at) leaveBehind(seat);
    },
    publish(events) {
      for (const event of events) {
        // What is in the ring is without gaps, as the numbers are.
        if (event.row.seq !== seq + 1) throw new Error(`event ${event.row.seq} follows ${seq}`);
        seq = event.row.seq;
        keep(event);
        for (const id of event.audience) for (const seat of byId.get(id) ?? []) offer(seat, event.row);
      }
      trim();
    },
    enter(idsNow, types, endsAt) {
      const seat: Seat = {
        ids: idsNow(),
        idsNow,
        types,
        endsAt,
        joined: false,
        behind: false,
        ending: stopped ? 'stopping' : undefined,
        offered: 0,
        waiting: [],
        bytes: 0,
        beatAt: Number.POSITIVE_INFINITY,
        wake: undefined,
      };
      seats.add(seat);
      index(seat);
      return followerOf(seat, {
        join: (at) => join(seat, at),
        leave() {
          seats.delete(seat);
          unindex(seat);
        },
      });
    },
    reassess() {
      for (const seat of seats) {
        const ids = seat.idsNow();
        if (ids.length === seat.ids.length && ids.every((id, i) => id === seat.ids[i])) continue;
        unindex(seat);
        seat.ids = ids;
        index(seat);
      }
    },
    tick() {
      const now = options.now();
      for (const seat of seats) {
        if (now >= seat.endsAt) seat.ending ??= 'renew';
        if (seat.ending || now >= seat.beatAt) seat.wake?.();
      }
    },
    stop() {
      stopped = true;
      for (const seat of seats) {
        seat.ending = 'stopping';
        seat.wake?.();
      }
    },
  };
}

function followerOf(seat: Seat, hub: Pick<Follower, 'join' | 'leave'>): Follower {
  return {
    ...hub,
    get ids() {
      return seat.ids;
    },
    get behind() {
      return seat.behind;
    },
    get ending() {
      return seat.ending;
    },
    take() {
      const { waiting } = seat;
      if (waiting.length > 0) Object.assign(seat, { waiting: [], bytes: 0 });
      return waiting;
    },
    wait(beatAt, signal) {
      if (seat.waiting.length > 0 || seat.behind || seat.ending || signal.aborted) return Promise.resolve();
      seat.beatAt = beatAt;
      return new Promise((resolve) => {
        const done = () => {
          seat.wake = undefined;
          seat.beatAt = Number.POSITIVE_INFINITY;
          signal.removeEventListener('abort', done);
          resolve();
        };
        seat.wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    },
  };
}
