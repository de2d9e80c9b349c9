import { DossierStatus, TaskState } from '@lienthong/contracts/casework';
import { Agency, Tier } from '@lienthong/contracts/directory';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { holderOf, inDays, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { office, peopleOf, sampleProvince, settle } from './support/province.ts';
import { dyingDatabase, everyOther, recorded, standIn } from './support/stand-in.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const DAY = '2025-07-01';
const LAW = 'Nghị quyết 1687/NQ-UBTVQH15';

/** As on 1 July 2025: communes merge, districts end, a department splits. */
function reorganisation(p: ReturnType<typeof sampleProvince>) {
  const parentId = p.province.agency.id;
  const commune = office(
    agency({
      code: 'H61.29542',
      name: 'Ủy ban nhân dân xã An Bình mới',
      establishedOn: DAY,
      parentId,
    }),
  );
  const department = (code: string, name: string, functions: string[]) =>
    office(agency({ code, name, tier: Tier.DEPARTMENT, parentId, establishedOn: DAY, functions }));
  const fields = department('H61.SNNMT', 'Sở Nông nghiệp và Môi trường', ['land']);
  const minerals = department('H61.SCT', 'Sở Công Thương', ['minerals']);
  const after = [
    ended(p.commune.agency, DAY, commune.agency.id, LAW),
    ended(p.otherCommune.agency, DAY, commune.agency.id, LAW),
    // The main successor takes other work; the successor for "land" takes what concerns land.
    Agency.fromPartial({
      ...ended(p.land.agency, DAY),
      successors: [
        { successorId: minerals.agency.id, main: true, legalBasis: LAW, effectiveOn: DAY },
        { successorId: fields.agency.id, functions: ['land'], legalBasis: LAW, effectiveOn: DAY },
      ],
    }),
    ended(p.district.agency, DAY),
  ];
  return { commune, fields, minerals, after, begun: [commune, fields, minerals] };
}

/** Taken in by the province; the land department consults the finance department. */
const opinion = procedure(
  sequence(
    's',
    {
      key: 'hoi',
      block: {
        $case: 'consultation',
        value: {
          name: 'Lấy ý kiến',
          lead: holderOf('land'),
          consulted: [holderOf('finance')],
          timeLimit: inDays(10),
          question: 'Có ý kiến gì?',
        },
      },
    },
    step('ket', { performer: holderOf('land') }),
  ),
  { tiers: [Tier.PROVINCE] },
);

async function open(env: Record<string, string>) {
  const p = sampleProvince();
  const building = fourSteps();
  const world = await openWorld({ processes: 2, env, at: '2025-06-24T01:00:00Z' });
  await settle(world, p);
  await world.publish(building);
  const change = reorganisation(p);
  const lodge = async (process = 0) =>
    (await world.as(p.commune.clerk, process).casework.lodgeDossier(lodging(building))).dossierId;
  async function announce(): Promise<void> {
    await world.announce(...change.begun.map((one) => one.agency));
    await world.appoint(...change.begun.flatMap(peopleOf));
    await world.announce(...change.after);
  }
  return { p, world, lodge, announce, ...change };
}

describe('a reorganisation during open work', () => {
  let at: Awaited<ReturnType<typeof open>>;
  let world: World;
  let examined: string;
  let appraised: string;
  beforeAll(async () => {
    at = await open({ CASEWORK_CHANGE_CHECK_MS: '20' });
    ({ world } = at);
    examined = await at.lodge();
    appraised = await at.lodge();
    await complete(world.as(at.p.commune.officer), appraised, 1);
    await world.as(at.p.land.officer).casework.claimTask({ dossierId: appraised, taskNumber: 2 });
    await at.announce();
    // The end is announced, but until then the agencies act for themselves.
    await complete(world.as(at.p.commune.officer), examined, 1);
    await world.as(at.p.land.officer).casework.claimTask({ dossierId: examined, taskNumber: 2 });
  });
  afterAll(() => world.stop());

  test('nothing moves before its day', async () => {
    const dossier = await dossierOf(world.as(at.p.commune.clerk), appraised);
    expect(dossier.holder?.name).toBe('Sở Tài nguyên và Môi trường');
    expect(await recorded(world, [examined, appraised], ['DossierRerouted'])).toEqual(new Map());
  });

  test('on that day the successors have the open work, and their officers complete it', async () => {
    world.clock.set(`${DAY}T07:30:00+07:00`);
    const clerk = world.as(at.commune.clerk);
    await vi.waitFor(async () => {
      expect(await recorded(world, [examined, appraised], ['DossierRerouted'])).toEqual(
        new Map([examined, appraised].map((id) => [`${id} DossierRerouted`, 2])),
      );
    }, 20_000);
    const moved = await dossierOf(clerk, appraised);
    expect(moved).toMatchObject({
      intake: { name: 'Ủy ban nhân dân xã An Bình mới' },
      holder: { name: 'Sở Nông nghiệp và Môi trường' },
    });
    expect(moved.tasks.map(({ agency: of, assigneeId }) => [of?.name, assigneeId])).toEqual([
      // Completed tasks keep the old agency's name and the officer.
      ['Ủy ban nhân dân xã An Bình', at.p.commune.officer.id],
      ['Sở Nông nghiệp và Môi trường', ''],
    ]);

    const { items } = await world.as(at.fields.officer).casework.listWork({ filter: {} });
    expect(items.map(({ task }) => task?.dossierId).sort()).toEqual([examined, appraised].sort());
    expect(
      await refusalOf(complete(world.as(at.p.land.officer), appraised, 2, { outcome: 'dat' })),
    ).toMatchObject({ reason: 'AGENCY_ENDED' });
    // The main successor sees the dossier, but the task is not its own.
    expect(
      await refusalOf(complete(world.as(at.minerals.officer), appraised, 2, { outcome: 'dat' })),
    ).toMatchObject({ reason: 'NOT_YOUR_TASK' });

    await complete(world.as(at.fields.officer), appraised, 2, { outcome: 'dat' });
    await complete(world.as(at.p.province.officer), appraised, 3, {
      results: [{ key: 'giay-phep', number: '12/GPXD' }],
    });
    await complete(world.as(at.commune.officer), appraised, 4);
    await clerk.casework.returnResult({ dossierId: appraised });
    const done = await dossierOf(clerk, appraised);
    expect(done.status).toBe(DossierStatus.RESULT_RETURNED);
    expect(done.tasks.map(({ agency: of, state }) => [of?.name, state])).toEqual([
      ['Ủy ban nhân dân xã An Bình', TaskState.COMPLETED],
      ['Sở Nông nghiệp và Môi trường', TaskState.COMPLETED],
      ['Ủy ban nhân dân tỉnh Vĩnh Long', TaskState.COMPLETED],
      ['Ủy ban nhân dân xã An Bình mới', TaskState.COMPLETED],
    ]);
  });

  test('the history lists it, with the names of the time', async () => {
    const { entries } = await world.as(at.commune.clerk).casework.getHistory({ dossierId: appraised });
    const rerouted = entries.filter(({ type }) => type.endsWith('DossierRerouted'));
    expect(rerouted.map(({ text }) => text).join('\n')).toContain('Sở Nông nghiệp và Môi trường');
    expect(entries.find(({ type }) => type.endsWith('TaskOpened'))?.text).toContain(
      'Ủy ban nhân dân xã An Bình:',
    );
  });
});

describe('step by step', () => {
  let at: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    at = await open({ CASEWORK_CHANGE_CHECK_MS: '3600000' });
  });
  afterAll(() => at.world.stop());

  test('three processes, one of them dying, move each dossier once; work without a successor stays and is logged', async () => {
    const { world, p } = at;
    const ids: string[] = [];
    while (ids.length < 1_100)
      ids.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => at.lodge(i % 2)))));
    await at.announce();
    // The other province's department has no successor either.
    await world.announce(ended(p.finance.agency, DAY));
    const consulted = ids[0] ?? '';
    await world.as(p.commune.officer).casework.requestConsultation({
      dossierId: consulted,
      taskNumber: 1,
      agencyIds: [p.finance.agency.id],
      question: 'Có ý kiến gì?',
      dueAt: new Date('2025-07-10T03:00:00Z'),
    });
    // The land department waits for the consultation: it has no open task, and the intake's work continues.
    await world.publish(opinion);
    const { dossierId: waiting } = await world.as(p.province.clerk).casework.lodgeDossier(lodging(opinion));
    world.clock.set(`${DAY}T00:00:00+07:00`);

    const dying = await standIn(world, dyingDatabase(everyOther()));
    const others = [await standIn(world), await standIn(world)];
    await expect(dying.rerouteDue()).rejects.toThrow('the process has died');
    await Promise.all([...others.map((one) => one.rerouteDue()), dying.rerouteDue().catch(() => {})]);
    expect(await recorded(world, ids, ['DossierRerouted'])).toEqual(
      new Map(ids.map((id) => [`${id} DossierRerouted`, 1])),
    );
    const waited = await dossierOf(world.as(p.province.clerk), waiting);
    // It was consulted as the holder of "land", so the successor for "land" follows.
    expect(waited.holder?.name).toBe('Sở Nông nghiệp và Môi trường');
    const { tasks } = await dossierOf(world.as(at.commune.clerk), consulted);
    expect(tasks.map(({ agency: of }) => of?.name)).toEqual([
      'Ủy ban nhân dân xã An Bình mới',
      'Sở Tài chính',
    ]);
    for (const { warnings } of others)
      expect(warnings).toEqual([
        {
          agency: p.finance.agency.id,
          name: 'Sở Tài chính',
          endedOn: DAY,
          tasks: 2,
          dossiers: 0,
          msg: 'an agency has ended without a successor and has open work',
        },
      ]);
    for (const one of [dying, ...others]) await one.stop();
  });
});
