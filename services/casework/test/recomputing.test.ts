import { randomUUID } from 'node:crypto';
import { decodeEvent } from '@lienthong/contracts/events';
import { Channel } from '@lienthong/contracts/registry';
import { shippedYear } from '@lienthong/reference-data';
import { holderOf, inDays, sequence, step } from '@lienthong/workflow/testing';
import { subtractDays, vietnamCalendar } from '@lienthong/working-time';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { morningsOnly, withDaysOff } from './support/passing-time.ts';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dyingDatabase, everyOther, recorded, type StandIn, standIn } from './support/stand-in.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld } from './support/world.ts';

/** Five days for the land department's step, ten for all: due on 22 and 29 January. */
const tenDays = procedure(
  sequence(
    's',
    step('mot', { performer: holderOf('land'), timeLimit: inDays(5) }),
    step('hai', { timeLimit: inDays(3) }),
  ),
  { timeLimit: inDays(10) },
);
/** Due in 2027, whose holidays are not decided. */
const longest = procedure(sequence('s', step('mot', { performer: holderOf('land'), timeLimit: inDays(5) })), {
  code: '1.000250',
  timeLimit: inDays(250),
});
const PASSED = 'lienthong.casework.v1.DeadlinePassed';
const RECOMPUTED = ['DeadlinesRecomputed'];
const vn = (moment: string) => new Date(`${moment.replace(' ', 'T')}:00+07:00`);

let years = 0;
const daysOff = (...dates: string[]) => {
  years += 1;
  return withDaysOff(years, ...dates);
};

async function open(env: Record<string, string>) {
  const p = sampleProvince();
  const world = await openWorld({ processes: 2, env });
  await settle(world, p);
  await world.publish(tenDays, longest);
  const clerk = (process = 0) => world.as(p.commune.clerk, process).casework;
  return {
    p,
    world,
    lodge: async (process = 0) => (await clerk(process).lodgeDossier(lodging(tenDays))).dossierId,
    async dues(id: string) {
      const { dueAt, tasks } = await dossierOf(world.as(p.commune.clerk), id);
      return [dueAt, ...tasks.map((task) => task.dueAt)];
    },
    outstanding: () =>
      world.db.query<{ reason: string }>({ text: 'select reason from recomputation order by id' }),
    async left() {
      const rows = await world.db.query<{ dossier_id: string }>({
        text: 'select dossier_id from recomputation_left order by dossier_id',
      });
      return rows.map((row) => row.dossier_id);
    },
    explain: (dossierId: string) => clerk().explainDossierDeadline({ dossierId }),
    recomputations: (...ids: string[]) => recorded(world, ids, RECOMPUTED),
  };
}

describe('while the service runs, in two processes', () => {
  let at: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    at = await open({ CASEWORK_CHANGE_CHECK_MS: '20', CASEWORK_TIMER_CHECK_MS: '20' });
  });
  afterAll(() => at.world.stop());

  const settledAt = (id: string, own: string, task: string) =>
    vi.waitFor(async () => {
      expect(await at.dues(id)).toEqual([vn(own), vn(task)]);
      expect(await at.outstanding()).toEqual([]);
    }, 20_000);

  test('a decided day off moves open deadlines, a second decision moves them back', async () => {
    const id = await at.lodge();
    expect(await at.dues(id)).toEqual([vn('2026-01-29 17:00'), vn('2026-01-22 17:00')]);
    await at.world.decideYears(daysOff('2026-01-20'));
    await settledAt(id, '2026-01-30 17:00', '2026-01-23 17:00');
    const { dueAt, lines } = await at.explain(id);
    expect(dueAt).toEqual(vn('2026-01-30 17:00'));
    expect(lines.map(({ vi: line }) => line).join('\n')).toContain('Nghỉ bù');
    years += 1;
    await at.world.decideYears({ ...shippedYear(2026), version: BigInt(years), provisional: false });
    await settledAt(id, '2026-01-29 17:00', '2026-01-22 17:00');
    expect(await at.recomputations(id)).toEqual(new Map([[`${id} DeadlinesRecomputed`, 2]]));
    const reasons = (await at.world.as(at.p.commune.clerk).casework.getHistory({ dossierId: id })).entries;
    expect(reasons.at(-1)?.type).toBe('lienthong.casework.v1.DeadlinesRecomputed');
  });

  test('a day off that is decided after the lines of an import were checked moves what comes', async () => {
    const { agency } = at.p.commune;
    const system = { agencyId: agency.id, officerId: 'mot-cua', roles: ['system' as const] };
    const { dossierImports } = at.world.as(system);
    const of = { importId: randomUUID() };
    const { dossiers } = await dossierImports.stageDossiers({
      ...of,
      system: 'Một cửa cũ',
      dossiers: [
        {
          code: 'H61.855.29542-260114-0001',
          procedureCode: tenDays.code,
          channel: Channel.IN_PERSON,
          applicant: { fullName: 'Nguyễn Thị Mẫu', address: 'Ấp An Thạnh' },
          intake: { code: 'H61.855.29542' },
          lodgedAt: vn('2026-01-14 08:00'),
          acts: [{ at: vn('2026-01-14 09:00'), act: { $case: 'accepted', value: {} } }],
        },
      ],
    });
    const [staged] = dossiers;
    expect(staged).toMatchObject({ faults: [], dueAt: vn('2026-01-28 17:00') });
    await at.world.decideYears(daysOff('2026-01-20'));
    await dossierImports.carryOutImport({ ...of, lines: 1 });
    await vi.waitFor(async () => {
      const { dossier } = await at.world
        .as(at.p.commune.clerk)
        .casework.getDossier({ dossierId: staged?.dossierId ?? '' });
      expect(dossier?.dueAt).toEqual(vn('2026-01-29 17:00'));
    }, 20_000);
    const { entries } = await at.world
      .as(at.p.commune.clerk)
      .casework.getHistory({ dossierId: staged?.dossierId ?? '' });
    expect(entries.slice(-2).map(({ type }) => type.split('.').at(-1))).toEqual([
      'DossierImported',
      'DeadlinesRecomputed',
    ]);
    years += 1;
    await at.world.decideYears({ ...shippedYear(2026), version: BigInt(years), provisional: false });
  });

  test('a deadline in a year without a decision is provisional in every reply, until the decision', async () => {
    const { casework } = at.world.as(at.p.commune.clerk);
    const { dossierId, code, trackingSecret, ...lodged } = await casework.lodgeDossier(lodging(longest));
    const dueAt = vn('2027-01-18 17:00');
    expect(lodged).toMatchObject({ dueAt, dueProvisional: true });
    const replies = async () => {
      const { dossiers } = await casework.listDossiers({ text: code });
      const { dossier } = await casework.getDossier({ dossierId });
      const land = at.world.as(at.p.land.officer).casework;
      const { items } = await land.listWork({ filter: { procedureCode: longest.code } });
      return [
        dossiers[0],
        dossier,
        items[0]?.dossier,
        await casework.explainDossierDeadline({ dossierId }),
        await at.world.anybody.tracking.trackDossier({ code, secret: trackingSecret }),
      ];
    };
    for (const reply of await replies()) expect(reply).toMatchObject({ dueAt, dueProvisional: true });

    await at.world.decideYears({ ...shippedYear(2027), legalBasis: 'TB 1', version: 1n, provisional: false });
    await vi.waitFor(async () => {
      for (const reply of await replies()) expect(reply).toMatchObject({ dueAt, dueProvisional: false });
    }, 20_000);
    expect(await at.recomputations(dossierId)).toEqual(new Map([[`${dossierId} DeadlinesRecomputed`, 1]]));
    const tracked = await at.world.anybody.tracking.trackDossier({ code, secret: trackingSecret });
    expect(tracked.history.map(({ text }) => text)).toContain(
      'Thời hạn giải quyết được tính lại. Dự kiến trả kết quả: 17 giờ 00 phút, thứ Hai, ngày 18/01/2027.',
    );
  });

  test('a decision that moves nothing has no event', async () => {
    const id = await at.lodge();
    await at.world.decideYears(daysOff('2026-11-02'));
    await settledAt(id, '2026-01-29 17:00', '2026-01-22 17:00');
    expect(await at.recomputations(id)).toEqual(new Map());
  });

  test('changed office hours move the deadlines of that agency', async () => {
    const id = await at.lodge();
    await at.world.announce(morningsOnly(at.p.land.agency, '2026-01-19'));
    await settledAt(id, '2026-01-29 17:00', '2026-01-22 11:00');
    expect(await at.recomputations(id)).toEqual(new Map([[`${id} DeadlinesRecomputed`, 1]]));
  });
});

describe('step by step', () => {
  let at: Awaited<ReturnType<typeof open>>;
  const processes: StandIn[] = [];
  beforeAll(async () => {
    at = await open({ CASEWORK_CHANGE_CHECK_MS: '3600000', CASEWORK_TIMER_CHECK_MS: '3600000' });
  });
  afterEach(async () => {
    for (const one of processes.splice(0)) await one.stop();
  });
  afterAll(() => at.world.stop());

  const process = async (...around: [Parameters<typeof standIn>[1]?]) => {
    const made = await standIn(at.world, ...around);
    processes.push(made);
    return made;
  };

  test('three processes carry out each recomputation once, though one dies again and again', async () => {
    const ids: string[] = [];
    while (ids.length < 1_200)
      ids.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => at.lodge(i % 2)))));
    await at.world.decideYears(daysOff('2026-01-20'));
    expect(await at.outstanding()).toEqual([{ reason: 'Lịch làm việc năm 2026 (Thông báo 6150/TB-BNV)' }]);
    const dying = await process(dyingDatabase(everyOther()));
    const others = [await process(), await process()];
    await expect(dying.recomputeDue()).rejects.toThrow('the process has died');
    expect((await at.outstanding()).length).toBe(1);
    await Promise.all([...others.map((one) => one.recomputeDue()), dying.recomputeDue().catch(() => {})]);
    expect(await at.recomputations(...ids)).toEqual(
      new Map(ids.map((id) => [`${id} DeadlinesRecomputed`, 1])),
    );
    expect(await at.outstanding()).toEqual([]);
  });

  test('waits for open transactions that may have read the old calendar', async () => {
    const id = await at.lodge();
    const release = Promise.withResolvers<void>();
    const writing = Promise.withResolvers<void>();
    const command = at.world.db.transaction(async (tx) => {
      await tx.query({ text: 'select pg_current_xact_id()' });
      writing.resolve();
      await release.promise;
    });
    await writing.promise;
    await at.world.decideYears(daysOff('2026-01-20', '2026-01-21'));
    let done = false;
    const computing = (await process()).recomputeDue().then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toBe(false);
    expect(await at.recomputations(id)).toEqual(new Map());
    release.resolve();
    await command;
    await computing;
    expect(await at.dues(id)).toEqual([vn('2026-02-02 17:00'), vn('2026-01-26 17:00')]);
  });

  test('only dossiers that could not be computed are retried', async () => {
    const [stuck, fine, ended] = [await at.lodge(), await at.lodge(), await at.lodge()];
    const now = at.world.clock.now();
    const ahead = new Date(now.getTime() + 3_600_000);
    // Two dossiers were changed by a process whose clock is an hour ahead.
    at.world.clock.set(ahead.toISOString());
    const { casework } = at.world.as(at.p.land.officer);
    for (const dossierId of [stuck, ended])
      await casework.claimTask({ requestId: randomUUID(), dossierId, taskNumber: 1 });
    at.world.clock.set(now.toISOString());
    const one = await process();
    const before = await at.dues(stuck);
    await at.world.decideYears(daysOff('2026-01-19'));
    await one.recomputeDue();
    expect(await at.outstanding()).toEqual([]);
    expect(await at.dues(stuck)).toEqual(before);
    expect(await at.dues(fine)).not.toEqual(before);
    await one.recomputeDue();
    expect(await at.left()).toEqual([ended, stuck].toSorted());

    at.world.clock.set(ahead.toISOString());
    const clerk = at.world.as(at.p.commune.clerk).casework;
    await clerk.withdrawDossier({ requestId: randomUUID(), dossierId: ended, reason: '' });
    await Promise.all([one.recomputeDue(), (await process()).recomputeDue()]);
    expect(await at.dues(stuck)).toEqual(await at.dues(fine));
    expect(await at.left()).toEqual([]);
    expect(await at.recomputations(stuck, fine, ended)).toEqual(
      new Map([stuck, fine].map((id) => [`${id} DeadlinesRecomputed`, 1])),
    );
  });

  test('no timer fires for a deadline that is still to be computed again', async () => {
    const one = await process();
    await at.world.decideYears(daysOff('2026-01-20', '2026-01-21'));
    await one.recomputeDue();
    const id = await at.lodge();
    expect((await at.dues(id))[1]).toEqual(vn('2026-01-26 17:00'));
    await at.world.decideYears(daysOff('2026-01-20', '2026-01-21', '2026-01-22'));
    // Overdue on both calendars.
    at.world.clock.set('2026-01-28T08:00:00+07:00');
    await one.fireDue();
    expect(await recorded(at.world, [id], ['DeadlineNear', 'DeadlinePassed'])).toEqual(new Map());
    await one.recomputeDue();
    await one.fireDue();
    const passed = await at.world.db.query<{ payload: Buffer }>({
      text: 'select payload from event where aggregate_id = $1 and type = $2',
      values: [id, PASSED],
    });
    expect(passed.map(({ payload }) => decodeEvent(PASSED, payload).dueAt)).toEqual([vn('2026-01-27 17:00')]);
  });

  test('a dossier that leaves the years of the calendar is refused; the others of its batch are computed', async () => {
    const [outside, inside] = [await at.lodge(), await at.lodge()];
    // The last deadline whose escalation, a working day later, is still within the calendar.
    const { horizon } = vietnamCalendar;
    const dueAt = subtractDays(vietnamCalendar, vn(`${horizon.to}-12-31 17:00`).getTime(), 1);
    await at.world.as(at.p.land.officer).casework.extendDeadline({
      requestId: randomUUID(),
      dossierId: outside,
      dueAt: new Date(dueAt),
      reason: 'Chờ đo đạc',
    });
    const [before] = await at.dues(inside);
    const { agency } = at.p.commune;
    const officeHours = [
      { spans: [{ day: 1, opens: '07:00', closes: '11:00' }], validFrom: '2026-01-29', validTo: '' },
    ];
    await at.world.announce({ ...morningsOnly(agency, ''), officeHours });
    const one = await process();
    await one.recomputeDue();
    expect(await at.left()).toEqual([outside]);
    expect(one.warnings).toMatchObject([{ dossier: outside, reason: 'OUTSIDE_CALENDAR' }]);
    expect((await at.dues(outside))[0]).toEqual(new Date(dueAt));
    expect((await at.dues(inside))[0]?.getTime()).toBeGreaterThan(before?.getTime() ?? Number.NaN);
    expect(await at.outstanding()).toEqual([]);
  });
});
