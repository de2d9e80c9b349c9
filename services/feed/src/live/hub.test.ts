import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventRow } from '../store/rows.ts';
import { createHub, type HubEvent } from './hub.ts';

const OWN = 'own';
const event = (seq: number, ...audience: string[]): HubEvent => ({
  row: { seq, type: seq % 2 === 0 ? 'even' : 'odd', payload: Buffer.alloc(10) } as EventRow,
  audience,
});
const hubOf = (options: { waitingEvents?: number; ringEvents?: number } = {}) =>
  createHub({
    ringEvents: 100,
    ringBytes: 1_000_000,
    waitingEvents: 50,
    waitingBytes: 1_000_000,
    now: () => 0,
    ...options,
  });
const seqs = (rows: readonly EventRow[]) => rows.map(({ seq }) => seq);

test('a follower that joins gets its events from the ring once, then new ones', () => {
  const hub = hubOf();
  hub.publish([event(1, OWN), event(2, 'other'), event(3, OWN, 'second')]);
  const follower = hub.enter(() => [OWN, 'second'], undefined, 1);
  expect(follower.take()).toEqual([]);
  expect(follower.join(1)).toBe(true);
  hub.publish([event(4, 'second', OWN), event(5, 'other')]);
  expect(seqs(follower.take())).toEqual([3, 4]);
  follower.leave();
  hub.publish([event(6, OWN)]);
  expect(follower.take()).toEqual([]);
  expect(hub.size).toBe(0);
});

test('a follower that has read further in the tables than the hub gets no event twice', () => {
  const hub = hubOf();
  const follower = hub.enter(() => [OWN], undefined, 1);
  expect(follower.join(2)).toBe(true);
  hub.publish([event(1, OWN), event(2, OWN), event(3, OWN)]);
  expect(seqs(follower.take())).toEqual([3]);
});

test('a follower cannot join before the oldest event of the ring', () => {
  const hub = hubOf({ ringEvents: 2 });
  hub.publish([event(1, OWN), event(2, OWN), event(3, OWN)]);
  const follower = hub.enter(() => [OWN], new Set(['odd']), 1);
  expect(follower.join(0)).toBe(false);
  expect(follower.join(1)).toBe(true);
  expect(seqs(follower.take())).toEqual([3]);
});

test('a follower that takes nothing falls behind, and holds no events', () => {
  const hub = hubOf({ waitingEvents: 3 });
  const follower = hub.enter(() => [OWN], undefined, 1);
  follower.join(0);
  hub.publish([1, 2, 3].map((seq) => event(seq, OWN)));
  expect(follower.behind).toBe(false);
  hub.publish([event(4, OWN)]);
  expect([follower.behind, follower.take()]).toEqual([true, []]);
  expect(follower.join(2)).toBe(true);
  expect([follower.behind, seqs(follower.take())]).toEqual([false, [3, 4]]);
});

test('an agency that takes over another gets its events from then on', () => {
  const hub = hubOf();
  let ids = [OWN];
  const follower = hub.enter(() => ids, undefined, 1);
  follower.join(0);
  hub.publish([event(1, 'before')]);
  ids = [OWN, 'before'];
  hub.reassess();
  hub.publish([event(2, 'before')]);
  expect(seqs(follower.take())).toEqual([2]);
});

test('a follower that joins before the hub knows how far the feed is falls behind, unless it has read so far', () => {
  const hub = hubOf();
  const [early, late] = [hub.enter(() => [OWN], undefined, 1), hub.enter(() => [OWN], undefined, 1)];
  expect([early.join(3), late.join(5)]).toEqual([true, true]);
  hub.reset(5);
  expect([early.behind, late.behind]).toEqual([true, false]);
  expect([early.join(3), early.join(5)]).toEqual([false, true]);
  hub.publish([event(6, OWN)]);
  for (const follower of [early, late]) expect(seqs(follower.take())).toEqual([6]);
});

test('numbers have no gaps', () => {
  const hub = hubOf();
  hub.publish([event(1, OWN)]);
  expect(() => hub.publish([event(3, OWN)])).toThrow('event 3 follows 1');
});

test('in every order of steps, a follower that reads pages when it must gets each event once', () => {
  const steps = fc.array(
    fc.oneof(fc.record({ publish: fc.integer({ min: 1, max: 9 }) }), fc.constant({ take: true as const })),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const hub = hubOf({ waitingEvents: 4, ringEvents: 6 });
      const follower = hub.enter(() => [OWN], undefined, 1);
      const received: number[] = [];
      const written: number[] = [];
      let at = 0;
      const catchUp = () => {
        // As followEvents does, with pages of three from the tables.
        while (!follower.join(at) || follower.behind) {
          const page = written.filter((seq) => seq > at).slice(0, 3);
          received.push(...page);
          at = page.at(-1) ?? hub.seq;
        }
      };
      const take = () => {
        if (follower.behind) catchUp();
        const rows = seqs(follower.take());
        received.push(...rows);
        at = rows.at(-1) ?? at;
      };
      catchUp();
      let seq = 0;
      for (const step of all) {
        if ('take' in step) {
          take();
          continue;
        }
        const batch = Array.from({ length: step.publish }, () => {
          seq += 1;
          const own = seq % 3 !== 0;
          if (own) written.push(seq);
          return event(seq, own ? OWN : 'other');
        });
        hub.publish(batch);
      }
      take();
      take();
      expect(received).toEqual(written);
    }),
  );
});
