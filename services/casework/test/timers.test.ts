import { TaskState, Urgency } from '@lienthong/contracts/casework';
import { consultation, holderOf, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dyingDatabase, everyOther, recorded, standIn } from './support/stand-in.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const building = fourSteps();
const asking = procedure(
  sequence('s', consultation('hoi', holderOf('finance'), holderOf('land')), step('ket')),
);
const STAGES = ['DeadlineNear', 'DeadlinePassed', 'OverdueEscalated'];
/** One dossier and one task, each through all stages. */
const EACH_TWICE = 2;

const lodge = async (world: World, of = building, process = 0) =>
  (await world.as(p.commune.clerk, process).casework.lodgeDossier(lodging(of))).dossierId;

async function lodgeMany(world: World, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count)
    ids.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => lodge(world, building, i % 2)))));
  return ids;
}

const expected = (ids: readonly string[], count: number, kinds = STAGES) =>
  new Map(ids.flatMap((id) => kinds.map((kind): [string, number] => [`${id} ${kind}`, count])));

const bySort = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

describe('while the service runs, in two processes', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ processes: 2, env: { CASEWORK_TIMER_CHECK_MS: '20' } });
    await settle(world, p);
    await world.publish(building, asking);
  });
  afterAll(() => world.stop());

  const shown = (id: string) => dossierOf(world.as(p.commune.clerk), id);
  const counted = (id: string) => recorded(world, [id], [...STAGES, 'ConsultationUnanswered']);

  test('a task is due soon, overdue and escalated, and can still be completed', async () => {
    const id = await lodge(world);
    for (const [moment, urgency] of [
      ['2026-01-16T13:15:00+07:00', Urgency.DUE_SOON],
      ['2026-01-16T17:00:01+07:00', Urgency.OVERDUE],
      ['2026-01-19T17:00:01+07:00', Urgency.ESCALATED],
    ] as const) {
      world.clock.set(moment);
      await vi.waitFor(async () => {
        expect((await shown(id)).tasks[0]?.urgency).toBe(urgency);
      }, 50_000);
    }
    expect(await counted(id)).toEqual(expected([id], 1));
    const { items } = await world.as(p.commune.officer).casework.listWork({
      filter: { urgencies: [Urgency.ESCALATED] },
    });
    expect(items.map(({ task }) => task?.dossierId)).toEqual([id]);
    await complete(world.as(p.commune.officer), id, 1);
    expect((await shown(id)).tasks.map(({ state }) => state)).toEqual([TaskState.COMPLETED, TaskState.OPEN]);
  });

  test('a consultation expires, and the workflow continues with the answers received', async () => {
    world.clock.set('2026-03-02T08:00:00+07:00');
    const id = await lodge(world, asking);
    await complete(world.as(p.finance.officer), id, 1, { outcome: 'answered', note: 'Thống nhất' });
    world.clock.set('2026-03-04T17:00:01+07:00');
    await vi.waitFor(async () => {
      expect((await shown(id)).tasks.map(({ state }) => state)).toEqual([
        TaskState.COMPLETED,
        TaskState.EXPIRED,
        TaskState.OPEN,
      ]);
    }, 50_000);
    expect((await counted(id)).get(`${id} ConsultationUnanswered`)).toBe(1);
    expect(await shown(id)).toMatchObject({ holder: { agencyId: p.commune.agency.id } });
  });

  test('timers that came due while no process ran fire once after the start', async () => {
    world.clock.set('2026-03-09T08:00:00+07:00');
    const id = await lodge(world);
    await world.restart({}, () => world.clock.set('2026-06-01T08:00:00+07:00'));
    await vi.waitFor(async () => {
      expect(await counted(id)).toEqual(expected([id], EACH_TWICE));
    }, 50_000);
  });

  test('a clock that goes back fires nothing, and later fires nothing twice', async () => {
    const id = await lodge(world);
    world.clock.set('2026-06-03T08:00:00+07:00');
    await vi.waitFor(async () => {
      expect((await counted(id)).get(`${id} DeadlinePassed`)).toBe(1);
    }, 50_000);
    const before = await shown(id);
    const process = await standIn(world);
    world.clock.set('2026-05-01T08:00:00+07:00');
    expect(await process.fireDue()).toBe(0);
    expect(await shown(id)).toEqual(before);
    world.clock.set('2026-06-03T08:01:00+07:00');
    await process.fireDue();
    expect(await shown(id)).toEqual(before);
    await process.stop();
  });
});

describe('many at once', () => {
  let world: World;
  beforeAll(async () => {
    // The service's own timers are off: the stand-ins of the test fire.
    world = await openWorld({ processes: 2, env: { CASEWORK_TIMER_CHECK_MS: '3600000' } });
    await settle(world, p);
    await world.publish(building, asking);
  });
  afterAll(() => world.stop());

  test('three processes fire 2,000 due timers once each, though one dies again and again', async () => {
    const ids = await lodgeMany(world, 1_000);
    world.clock.set('2026-06-01T08:00:00+07:00');
    const dying = await standIn(world, dyingDatabase(everyOther()));
    const others = [await standIn(world), await standIn(world)];
    // The relay publishes and commands run at the same time.
    const died: unknown[] = [];
    const dies = async () => {
      for (let n = 0; n < 5; n += 1) await dying.fireDue().catch((error) => died.push(error));
    };
    await Promise.all([dies(), ...others.map((one) => one.fireDue()), lodge(world)]);
    await Promise.all(others.map((one) => one.fireDue()));
    expect(died.length).toBeGreaterThan(0);
    expect(bySort(await recorded(world, ids, STAGES))).toEqual(bySort(expected(ids, EACH_TWICE)));
    const left = await world.db.query({
      text: 'select 1 from dossier where timer_at <= $1',
      values: [world.clock.now()],
    });
    expect(left).toEqual([]);
    for (const one of [dying, ...others]) await one.stop();
  });

  test('a locked dossier fires when it is unlocked', async () => {
    const [id, free] = [await lodge(world), await lodge(world)];
    world.clock.set('2026-09-01T08:00:00+07:00');
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = world.db.transaction(async (tx) => {
      await tx.query({ text: 'select 1 from dossier where id = $1 for update', values: [id] });
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const process = await standIn(world);
    const firing = process.fireDue();
    await vi.waitFor(async () => {
      expect(await recorded(world, [id, free], STAGES)).toEqual(expected([free], EACH_TWICE));
    }, 50_000);
    release.resolve();
    await holding;
    await firing;
    expect(await recorded(world, [id], STAGES)).toEqual(expected([id], EACH_TWICE));
    await process.stop();
  });
});
