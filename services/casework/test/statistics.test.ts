import { randomUUID } from 'node:crypto';
import {
  type DeepPartial,
  DossierOrigin,
  type GetStatisticsRequest,
  StatisticsGroup,
} from '@lienthong/contracts/casework';
import { refusalOf } from '@lienthong/testkit';
import { holderOf, inDays, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { procedure } from './support/procedures.ts';
import { type Office, sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const G = StatisticsGroup;
const p = sampleProvince();
const CODE = '1.001612';
const workflow = sequence(
  's',
  step('mot'),
  step('hai', { performer: holderOf('land'), timeLimit: inDays(3) }),
);
const version = (number: number, effectiveOn: string, endedOn = '') =>
  procedure(workflow, { code: CODE, timeLimit: inDays(5) }, { version: number, effectiveOn, endedOn });
const auditor = { ...p.province.officer, roles: ['auditor'] };

let world: World;
const at = (iso: string) => world.clock.set(`${iso}+07:00`);
const statistics = (request: DeepPartial<GetStatisticsRequest>, of = auditor) =>
  world.as(of).statistics.getStatistics({ from: '2026-01-01', to: '2026-12-31', ...request });

async function lodge(accept = true, from: Office = p.commune) {
  const lodged = await world.as(from.clerk).casework.lodgeDossier(lodging({ code: CODE }, { accept }));
  return { dossierId: lodged.dossierId };
}
const again = (of: { dossierId: string }) => ({ ...of, requestId: randomUUID() });

beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(
    version(1, '2025-01-01', '2026-02-01'),
    version(2, '2026-02-01'),
    version(3, '2027-01-01'),
  );
  const clerk = world.as(p.commune.clerk).casework;
  const [commune, land] = [world.as(p.commune.officer), world.as(p.land.officer)];

  // Finished early: 60 minutes at the commune, 540 at the department.
  at('2026-01-15T08:00');
  const early = await lodge();
  at('2026-01-15T09:00');
  await complete(commune, early.dossierId, 1);
  at('2026-01-16T10:00');
  await complete(land, early.dossierId, 2);

  // Supplemented: 30 minutes at the commune, 30 + 30 at the department, 480 while no clock ran.
  at('2026-01-19T08:00');
  const supplemented = await lodge();
  at('2026-01-19T08:30');
  await complete(commune, supplemented.dossierId, 1);
  at('2026-01-19T09:00');
  await land.casework.requestSupplement({ ...again(supplemented), content: 'thiếu bản vẽ' });
  at('2026-01-20T09:00');
  await clerk.receiveSupplement({ ...again(supplemented), papers: [] });
  at('2026-01-20T09:30');
  await complete(land, supplemented.dossierId, 2);

  await clerk.refuseDossier({ ...again(await lodge(false)), reason: 'không đúng thẩm quyền' });
  await clerk.withdrawDossier(again(await lodge()));
  await lodge(true, p.otherCommune);

  // Under the second version: 60 minutes in all, then one that is extended and still late.
  at('2026-03-02T08:00');
  const quick = await lodge();
  at('2026-03-02T08:30');
  await complete(commune, quick.dossierId, 1);
  at('2026-03-02T09:00');
  await complete(land, quick.dossierId, 2);
  const late = await lodge();
  at('2026-03-03T08:00');
  await complete(commune, late.dossierId, 1);
  await land.casework.extendDeadline({
    ...again(late),
    dueAt: new Date('2026-03-10T10:00:00Z'),
    reason: 'đo đạc lại',
  });
  at('2026-03-11T08:00');
  await complete(land, late.dossierId, 2);

  await vi.waitFor(
    async () =>
      expect((await statistics({ groupBy: [G.PROCEDURE] })).rows.map(({ finished }) => finished)).toEqual([
        2, 2,
      ]),
    20_000,
  );
}, 90_000);
afterAll(() => world.stop());

test('by procedure and version: dossiers finished, in time, refused, withdrawn, supplemented', async () => {
  const { rows } = await statistics({ groupBy: [G.PROCEDURE] });
  const grouped = { agencyId: '', agencyName: '', procedureCode: CODE, stepKey: '', month: '' };
  expect(rows).toEqual([
    {
      ...grouped,
      procedureVersion: 1,
      finished: 2,
      onTime: 2,
      overdue: 0,
      shorter: 2,
      equal: 0,
      longer: 0,
      extended: 0,
      refused: 1,
      withdrawn: 1,
      withoutSupplement: 1,
      oneSupplement: 1,
      moreSupplements: 0,
      meanMinutes: (600 + 90) / 2,
      // To Thursday the 22nd, and from Monday to Tuesday the 27th without the pause.
      meanAllowedMinutes: (420 + 5 * 480 + 60 + 420 - 60 + 5 * 480) / 2,
      meanElsewhereMinutes: (540 + 60) / 2,
      origin: DossierOrigin.UNSPECIFIED,
    },
    {
      ...grouped,
      procedureVersion: 2,
      finished: 2,
      onTime: 1,
      overdue: 1,
      shorter: 1,
      equal: 0,
      longer: 1,
      extended: 1,
      refused: 0,
      withdrawn: 0,
      withoutSupplement: 2,
      oneSupplement: 0,
      moreSupplements: 0,
      meanMinutes: (60 + 360 + 6 * 480 + 480 - 420) / 2,
      meanAllowedMinutes: expect.any(Number),
      meanElsewhereMinutes: expect.any(Number),
      origin: DossierOrigin.UNSPECIFIED,
    },
  ]);
});

test('by month and agency', async () => {
  const { rows } = await statistics({ groupBy: [G.AGENCY, G.MONTH] });
  expect(rows).toMatchObject([
    { month: '2026-01', agencyName: 'Ủy ban nhân dân xã An Bình', finished: 2, refused: 1 },
    { month: '2026-03', agencyName: 'Ủy ban nhân dân xã An Bình', finished: 2, refused: 0 },
  ]);
  expect((await statistics({ groupBy: [G.MONTH], from: '2026-01-17', to: '2026-01-31' })).rows).toMatchObject(
    [{ month: '2026-01', agencyId: '', finished: 1, oneSupplement: 1 }],
  );
  expect((await statistics({ groupBy: [G.MONTH], procedureCode: '9.999999' })).rows).toEqual([]);
});

test('by step, rows count tasks, for the agencies that completed them', async () => {
  const { rows } = await statistics({ groupBy: [G.STEP, G.AGENCY], to: '2026-01-31' });
  const shown = rows.map((row) => [row.agencyName, row.stepKey, row.finished, row.overdue, row.meanMinutes]);
  expect(shown.toSorted()).toEqual([
    ['Sở Tài nguyên và Môi trường', 'hai', 2, 0, (540 + 60) / 2],
    ['Ủy ban nhân dân xã An Bình', '#intake', 1, 0, 0],
    ['Ủy ban nhân dân xã An Bình', 'mot', 2, 0, (60 + 30) / 2],
  ]);
  const land = rows.find(({ stepKey }) => stepKey === 'hai');
  expect(land).toMatchObject({ withoutSupplement: 0, meanElsewhereMinutes: land?.meanMinutes });
});

describe('the figures visible to a caller', () => {
  const agenciesOf = async (of: typeof auditor, more: object = {}) =>
    (await statistics({ groupBy: [G.STEP, G.AGENCY], ...more }, of)).rows.map(({ agencyName }) => agencyName);
  const names = async (of: typeof auditor) => [...new Set(await agenciesOf(of))].toSorted();

  test('an officer’s agency, for a leader also those below it, for an auditor all', async () => {
    expect(await names(p.land.officer)).toEqual(['Sở Tài nguyên và Môi trường']);
    expect(await names(p.district.officer)).toEqual([]);
    expect(await names(p.district.head)).toEqual(['Ủy ban nhân dân xã An Bình']);
    const all = ['Sở Tài nguyên và Môi trường', 'Ủy ban nhân dân xã An Bình'];
    expect(await names(p.province.head)).toEqual(all);
    expect(await names(auditor)).toEqual(all);
  });

  test('do not include other agencies', async () => {
    const { id: agencyId } = p.commune.agency;
    expect(await agenciesOf(p.district.head, { agencyId })).toContain('Ủy ban nhân dân xã An Bình');
    expect(await refusalOf(agenciesOf(p.land.officer, { agencyId }))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'FIGURES_NOT_YOURS',
    });
  });
});

describe('open figures', () => {
  const figures = (year = 0) => world.anybody.statistics.getOpenFigures({ year });

  test('of fewer than 5 dossiers name the agency and give no number', async () => {
    const { from, to, agencies } = await figures();
    expect([from, to]).toEqual(['2026-01-01', '2026-02-28']);
    expect(agencies).toEqual([
      {
        agencyId: p.commune.agency.id,
        agencyName: 'Ủy ban nhân dân xã An Bình',
        few: true,
        finished: 0,
        onTime: 0,
        supplemented: 0,
        meanDays: 0,
      },
    ]);
  });

  test('of 5 dossiers count those in time and supplemented, and not those of other months', async () => {
    const [fact] = await world.db.query<{ record: string }>({
      text: `select row_to_json(f)::text as record from statistics_fact f
              where task_number = 0 and supplements = 1 and outcome = 9`,
    });
    // Three more like the supplemented one, the last of them late.
    await world.db.query({
      text: `insert into statistics_fact
             select (json_populate_record(null::statistics_fact, ($1::jsonb || jsonb_build_object(
                      'dossier_id', gen_random_uuid(), 'against', case n when 3 then 1 else 0 end, 'taken', 480 * n))::json)).*
               from generate_series(1, 3) n`,
      values: [fact?.record],
    });
    // Figures are remembered.
    expect((await figures()).agencies).toMatchObject([{ few: true }]);
    world.clock.advance(11 * 60_000);
    expect((await figures(2026)).agencies).toMatchObject([
      { few: false, finished: 5, onTime: 4, supplemented: 4, meanDays: (600 + 90 + 6 * 480) / 5 / 480 },
    ]);
    await world.db.query({
      text: `delete from statistics_fact where dossier_id not in (select id from dossier)`,
    });
    expect((await figures(2025)).agencies).toEqual([]);
  });

  test.each([1999, 2027, 2200, -1])('of the year %i are refused', async (year) =>
    expect((await refusalOf(figures(year))).violations).toEqual(['year YEAR_WITHOUT_FIGURES']),
  );
});

test.each([
  ['no group', { groupBy: [] }, ['group_by FIELD_REQUIRED']],
  ['a reversed period', { groupBy: [G.MONTH], from: '2026-02-01', to: '2026-01-31' }, ['to PERIOD_INVALID']],
  ['no date', { groupBy: [G.MONTH], from: '2026-02-30' }, ['from DATE_INVALID']],
])('%s is refused', async (_, request, violations) =>
  expect((await refusalOf(statistics(request))).violations).toEqual(violations),
);

describe('comparing versions', () => {
  const compare = (version: number, againstVersion = 0, procedureCode = CODE) =>
    world.as(auditor).statistics.compareVersions({ procedureCode, version, againstVersion });

  test('shows what the second changed', async () => {
    const compared = await compare(2);
    expect(compared.version?.procedureVersion).toBe(2);
    expect(compared.against?.procedureVersion).toBe(1);
    expect(compared.onTimeShareChange).toBe(-0.5);
    expect(compared.supplementsPerDossierChange).toBe(-0.5);
    expect(compared.meanMinutesChange).toBe(
      (compared.version?.meanMinutes ?? 0) - (compared.against?.meanMinutes ?? 0),
    );
    expect((await compare(1, 2)).onTimeShareChange).toBe(0.5);
  });

  test('needs finished dossiers of both', async () => {
    const refused = { code: 'FAILED_PRECONDITION', reason: 'VERSION_WITHOUT_FINISHED' };
    expect(await refusalOf(compare(3))).toMatchObject(refused);
    expect(await refusalOf(compare(2, 1, '9.999999'))).toMatchObject(refused);
  });

  test('is refused for the first version, which has none before it', async () => {
    for (const call of [() => compare(1), () => compare(2, 2)])
      expect((await refusalOf(call())).violations).toEqual(['against_version VERSION_INVALID']);
    expect((await refusalOf(compare(0))).violations).toEqual(['version VERSION_INVALID']);
  });
});

describe('counting again', () => {
  const rows = (table: string) => world.db.query({ text: `select * from ${table} order by 1, 2` });
  /** Timers may append events at any moment, so the end is the end of the log. */
  const isAtEnd = async () => {
    const [row] = await world.db.query<{ done: boolean }>({
      text: `select position = (select position from event_head) as done
               from consumer_cursor where name = 'statistics' and source = 'casework'`,
    });
    return row?.done;
  };

  /** Starts the consumer from the first event, and waits until it reaches the end. */
  async function replay() {
    await world.db.query({ text: `update consumer_cursor set position = 0 where name = 'statistics'` });
    await world.restart();
    await vi.waitFor(async () => expect(await isAtEnd()).toBe(true), 20_000);
  }

  test('from the first event gives the same figures', async () => {
    await vi.waitFor(async () => expect(await isAtEnd()).toBe(true), 20_000);
    const facts = await rows('statistics_fact');
    const tallies = await rows('statistics_tally');
    expect(facts).toHaveLength(6 + 9);
    expect(tallies).toHaveLength(1);
    await replay();
    expect(await rows('statistics_fact')).toEqual(facts);
    await world.db.query({ text: 'delete from statistics_fact' });
    await world.db.query({ text: 'delete from statistics_tally' });
    await replay();
    expect(await rows('statistics_fact')).toEqual(facts);
    expect(await rows('statistics_tally')).toEqual(tallies);
  }, 60_000);
});

test('what was received is counted by month of the lodging, for the agencies whose figures the caller sees', async () => {
  const received = async (of: Parameters<typeof statistics>[1], more = {}) =>
    (
      await world
        .as(of ?? auditor)
        .statistics.countReceived({ from: '2026-01-01', to: '2026-01-31', ...more })
    ).months.map(({ month, received: count }) => `${month} ${count}`);
  // The two that were finished, one refused, one withdrawn; one more at the other commune.
  expect(await received(auditor)).toEqual(['2026-01 5']);
  expect(await received(p.commune.officer)).toEqual(['2026-01 4']);
  expect(await received(p.commune.officer, { procedureCode: '9.999999' })).toEqual([]);
  expect(await received(auditor, { from: '2026-01-16', to: '2026-01-18' })).toEqual([]);
  expect(await refusalOf(received(auditor, { to: '2025-12-31' }))).toMatchObject({
    violations: ['to PERIOD_INVALID'],
  });
  expect(await refusalOf(received(p.commune.officer, { agencyId: p.otherCommune.agency.id }))).toMatchObject({
    reason: 'FIGURES_NOT_YOURS',
  });
});
