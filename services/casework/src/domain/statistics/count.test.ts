import { DossierStatus, Task, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { vietnamCalendar } from '@lienthong/working-time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseworkEventType } from '../decision/events.ts';
import { pastEvent } from '../history/past.ts';
import { count } from './count.ts';
import type { Fact } from './fact.ts';
import { COUNTED, type CountedEvent, type Tally } from './tally.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(`${text}+07:00`);
const calendarOf = () => vietnamCalendar;
const NONE: ReadonlyMap<string, Tally> = new Map();

interface EventSpec {
  type: string;
  at: number;
  /** The holder after the event. */
  holderId: string;
  dueAt?: number | undefined;
  more?: object;
}

/** Events of one dossier, numbered. */
function history(id: string, specs: readonly EventSpec[]): CountedEvent[] {
  return specs.map(({ type, at: when, holderId, dueAt, more }, i) => {
    const dossier = {
      id,
      code: id,
      procedureCode: '1.001193',
      procedureVersion: 1,
      procedureName: '',
      intakeAgencyId: 'commune',
      holderId,
      status: DossierStatus.IN_PROGRESS,
      dueAt: dueAt === undefined ? undefined : new Date(dueAt),
    };
    const full = `lienthong.casework.v1.${type}` as CaseworkEventType;
    return pastEvent(full, { dossier, ...more } as never, i + 1, new Date(when)) as CountedEvent;
  });
}

const task = (number: number, more: Partial<Task>) => ({
  task: Task.fromPartial({
    number,
    kind: TaskKind.STEP,
    blockKey: `buoc-${number}`,
    state: TaskState.COMPLETED,
    ...more,
  }),
});

const factsOf = (events: readonly CountedEvent[]) => count(NONE, events, calendarOf).facts;

describe('a dossier', () => {
  const dueAt = at('2026-01-23T17:00');
  const [lodged, taken] = [
    { type: 'DossierLodged', at: at('2026-01-15T15:30'), holderId: 'commune', dueAt },
    { type: 'DossierAccepted', at: at('2026-01-15T15:30'), holderId: 'commune', dueAt },
  ];
  const finished = (when: string, more: object) => ({
    type: 'DossierFinished',
    at: at(when),
    holderId: 'commune',
    dueAt,
    more,
  });

  test('counts from the start of its clock, without its pauses', () => {
    const [fact] = factsOf(
      history('a', [
        lodged,
        taken,
        { type: 'DossierStopped', at: at('2026-01-16T09:00'), holderId: 'commune' },
        { type: 'DossierResumed', at: at('2026-01-19T09:00'), holderId: 'commune', dueAt },
        finished('2026-01-19T10:00', { early: true }),
      ]),
    );
    // Received after 15:00: the clock starts on Friday at 07:00.
    expect(fact).toMatchObject({
      taskNumber: 0,
      agencyId: 'commune',
      endedOn: '2026-01-19',
      against: 'shorter',
      minutes: { taken: 120 + 60, elsewhere: 0 },
    });
    // From Friday to Friday, six days, without the working day between stopping and resuming.
    expect(fact?.minutes?.allowed).toBe(6 * 480 - 480);
  });

  test('is elsewhere while another agency than the intake agency holds it', () => {
    const [fact] = factsOf(
      history('a', [
        lodged,
        taken,
        { type: 'TaskOpened', at: at('2026-01-16T08:00'), holderId: 'land', dueAt },
        { type: 'TaskOpened', at: at('2026-01-19T08:00'), holderId: 'commune', dueAt },
        { type: 'DossierRerouted', at: at('2026-01-19T09:00'), holderId: 'land', dueAt },
        finished('2026-01-19T10:00', {}),
      ]),
    );
    expect(fact?.minutes).toMatchObject({ taken: 480 + 180, elsewhere: 480 + 60 });
  });

  test('that is finished before its clock starts takes no time', () => {
    const [fact] = factsOf(history('a', [lodged, taken, finished('2026-01-15T16:00', { early: true })]));
    expect(fact?.minutes?.taken).toBe(0);
  });

  test('without a deadline is neither shorter nor longer', () => {
    const events = history(
      'a',
      [lodged, taken, finished('2026-01-16T16:00', {})].map((one) => ({ ...one, dueAt: undefined })),
    );
    expect(factsOf(events)).toMatchObject([{ against: null, minutes: { allowed: null } }]);
  });

  test('that is never accepted has no minutes', () => {
    const events = history('a', [
      lodged,
      { type: 'DossierRefused', at: at('2026-01-16T08:00'), holderId: 'commune' },
    ]);
    expect(factsOf(events)).toMatchObject([{ outcome: DossierStatus.REFUSED, minutes: null }]);
  });

  test('beyond the calendar keeps its fact', () => {
    const far = at('2010-01-15T08:00');
    const events = history('a', [
      { ...lodged, at: far },
      { ...taken, at: far },
      { ...finished('2010-01-18T08:00', {}) },
    ]);
    expect(factsOf(events)).toMatchObject([{ endedOn: '2010-01-18', minutes: null }]);
  });

  test('counts extensions and supplements', () => {
    const [fact] = factsOf(
      history('a', [
        lodged,
        taken,
        { type: 'SupplementRequested', at: at('2026-01-16T08:00'), holderId: 'commune' },
        { type: 'SupplementReceived', at: at('2026-01-16T09:00'), holderId: 'commune', dueAt },
        {
          type: 'DeadlineExtended',
          at: at('2026-01-16T09:00'),
          holderId: 'commune',
          dueAt: dueAt + 24 * HOUR,
        },
        finished('2026-01-16T10:00', { early: true }),
      ]),
    );
    expect(fact).toMatchObject({ supplements: 1, extended: true });
  });
});

describe('a task', () => {
  const opened = at('2026-01-15T08:00');
  const lodged = { type: 'DossierLodged', at: opened, holderId: 'commune' };
  const closed = (more: Partial<Task>) =>
    factsOf(
      history('a', [
        lodged,
        {
          type: 'TaskClosed',
          at: at('2026-01-16T10:00'),
          holderId: 'commune',
          more: task(3, {
            agency: { agencyId: 'land', name: '', code: '' },
            openedAt: new Date(opened),
            dueAt: new Date(at('2026-01-16T17:00')),
            ...more,
          }),
        },
      ]),
    );

  test('counts for its own agency, from its opening', () => {
    expect(closed({})).toMatchObject([
      {
        taskNumber: 3,
        agencyId: 'land',
        stepKey: 'buoc-3',
        against: 'equal',
        minutes: { taken: 420 + 180, allowed: 900, elsewhere: 600 },
      },
    ]);
  });

  test.each([
    ['late', { dueAt: new Date(at('2026-01-16T09:59')) }, 'longer'],
    ['a day early', { dueAt: new Date(at('2026-01-19T08:00')) }, 'shorter'],
    ['without a limit', { dueAt: undefined }, null],
  ])('%s', (_, more, against) => expect(closed(more)).toMatchObject([{ against }]));

  test('without a block has a name of its own', () => {
    expect(closed({ kind: TaskKind.INTAKE, blockKey: '' })).toMatchObject([{ stepKey: '#intake' }]);
    expect(closed({ kind: TaskKind.CONSULTATION, blockKey: '' })).toMatchObject([
      { stepKey: '#consultation' },
    ]);
  });

  test('cancelled, or waiting for another dossier, is not counted', () => {
    expect(closed({ state: TaskState.CANCELLED })).toEqual([]);
    expect(closed({ kind: TaskKind.SUB_PROCEDURE })).toEqual([]);
  });
});

describe('any delivery of the events', () => {
  const agencies = ['commune', 'land', 'province'];
  const middle = COUNTED.map((type) => type.slice('lienthong.casework.v1.'.length)).filter(
    (type) => !['DossierLodged', 'DossierFinished', 'DossierRefused', 'DossierWithdrawn'].includes(type),
  );
  const moves = fc.array(
    fc.record({
      type: fc.constantFrom(...middle),
      hours: fc.integer({ min: 0, max: 50 }),
      holderId: fc.constantFrom(...agencies),
      paused: fc.boolean(),
    }),
    { maxLength: 20 },
  );
  const end = fc.constantFrom('DossierFinished', 'DossierRefused', 'DossierWithdrawn', '');

  const storyOf = (
    id: string,
    steps: typeof moves extends fc.Arbitrary<infer T> ? T : never,
    last: string,
  ) => {
    let now = at('2026-01-12T08:00');
    const specs: EventSpec[] = [{ type: 'DossierLodged', at: now, holderId: 'commune' }];
    for (const [i, { type, hours, holderId, paused }] of steps.entries()) {
      now += hours * HOUR;
      const dueAt = paused ? undefined : now + 5 * 24 * HOUR;
      const about = {
        agency: { agencyId: holderId, name: '', code: '' },
        openedAt: new Date(now - hours * HOUR),
        closedAt: new Date(now),
        dueAt: dueAt === undefined ? undefined : new Date(dueAt),
      };
      specs.push({ type, at: now, holderId, dueAt, more: type.startsWith('Task') ? task(i + 1, about) : {} });
    }
    if (last !== '')
      specs.push({ type: last, at: now + HOUR, holderId: 'commune', more: { late: false, early: true } });
    return history(id, specs);
  };

  /** As the table keeps them: the first of each key. */
  const kept = (facts: readonly Fact[]) => {
    const byKey = new Map<string, Fact>();
    for (const fact of facts) {
      const key = `${fact.dossierId} ${fact.taskNumber}`;
      if (!byKey.has(key)) byKey.set(key, fact);
    }
    return byKey;
  };

  test('in batches of any size, with repeated ones or from the record at once, gives the same facts', () => {
    const stories = fc.array(fc.tuple(moves, end), { minLength: 1, maxLength: 4 });
    const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(stories, batches, (specs, sizes) => {
        const all = specs
          .flatMap(([steps, last], i) => storyOf(`dossier ${i}`, steps, last))
          .toSorted((a, b) => a.at - b.at);
        const whole = count(NONE, all, calendarOf);

        const facts: Fact[] = [];
        let tallies = new Map<string, Tally>();
        for (let next = 0, n = 0; next < all.length; n += 1) {
          // Each batch begins some events before the end of the last: those are delivered again.
          const [size = 1, back = 0] = sizes[n % sizes.length] ?? [];
          const counted = count(tallies, all.slice(Math.max(0, next - back), next + size), calendarOf);
          facts.push(...counted.facts);
          const stored = new Map(tallies);
          for (const [id, tally] of counted.tallies)
            if (tally === undefined) stored.delete(id);
            else stored.set(id, tally);
          tallies = new Map(JSON.parse(JSON.stringify([...stored])) as [string, Tally][]);
          next += size;
        }
        expect(kept(facts)).toEqual(kept(whole.facts));
        const running = [...whole.tallies].filter(([, tally]) => tally !== undefined);
        expect(tallies).toEqual(new Map(running as [string, Tally][]));
      }),
      { numRuns: 300 },
    );
  });

  test('never counts more time than passed, and no time elsewhere twice', () => {
    fc.assert(
      fc.property(moves, (steps) => {
        for (const { minutes } of factsOf(storyOf('a', steps, 'DossierFinished'))) {
          if (minutes === null) continue;
          expect(minutes.taken).toBeGreaterThanOrEqual(0);
          expect(minutes.elsewhere).toBeGreaterThanOrEqual(0);
          expect(minutes.elsewhere).toBeLessThanOrEqual(minutes.taken + 1e-6);
        }
      }),
    );
  });
});
