import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import {
  type CalendarDay,
  type CalendarYear,
  CalendarYearDecided,
  type DeepPartial,
} from '@lienthong/contracts/directory';
import type { Database } from '@lienthong/kit';
import { ADMIN, refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { establish } from './support/build.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let client: AgencyClient;
let citizen: AgencyClient;
let db: Database;
beforeAll(async () => {
  directory = await openWorld(2);
  client = directory.admin;
  citizen = directory.as({ agencyId: randomUUID(), officerId: 'văn thư', roles: ['clerk'] });
  ({ db } = directory);
});
afterAll(() => directory.stop());

type Day = DeepPartial<CalendarDay>;
const NOTICE = 'Thông báo 1/TB-BNV';
const off = (from: string, more: Day = {}): Day => ({
  from,
  name: 'Nghỉ lễ',
  source: NOTICE,
  kind: { $case: 'off', value: {} },
  ...more,
});
const worked = (from: string, insteadOf: string, more: Day = {}): Day => ({
  from,
  name: `làm bù ngày ${insteadOf}`,
  source: NOTICE,
  kind: { $case: 'worked', value: { hoursOf: 5, insteadOf } },
  ...more,
});
const decide = (year: number, days: Day[], more: object = {}, by = client) =>
  by.calendar.decideCalendarYear({ year, days, legalBasis: 'QĐ 1/QĐ-TTg', ...more });
const get = async (year: number): Promise<CalendarYear | undefined> =>
  (await citizen.calendar.getCalendarYear({ year })).year;
const deadlineOf = async (receivedAt: string, days: number, agencyId = '') => {
  const duration = { amount: { $case: 'days' as const, value: days } };
  const explained = await citizen.calendar.explainDeadline({
    receivedAt: new Date(receivedAt),
    duration,
    agencyId,
  });
  return explained.deadline?.toISOString();
};
const eventsOf = async (year: number) => {
  const rows = await db.query<{ aggregate_id: string; version: number; payload: Buffer }>({
    text: `select aggregate_id, version, payload from event
           where type = 'lienthong.directory.v1.CalendarYearDecided' order by position`,
  });
  return rows
    .map((row) => ({ ...row, year: CalendarYearDecided.decode(row.payload).year }))
    .filter((row) => row.year?.year === year);
};

describe('a year', () => {
  test('without a decision is the one that the platform ships', async () => {
    const year = await get(2026);
    expect(year).toMatchObject({ year: 2026, version: 0n, provisional: false });
    expect(year?.days).toContainEqual({
      from: '2026-02-16',
      to: '2026-02-20',
      kind: { $case: 'off', value: {} },
      name: 'Tết Âm lịch',
      nameEn: 'Lunar New Year',
      source: expect.stringContaining('Điều 112'),
    });
    expect(year?.days).toContainEqual(
      expect.objectContaining({
        from: '2026-08-22',
        to: '',
        kind: { $case: 'worked', value: { hoursOf: 1, insteadOf: '2026-08-31' } },
      }),
    );
    expect(year?.legalBasis).toContain('Thông báo 9441/TB-BNV');
  });

  test('is everybody’s to read', async () => {
    const { year } = await directory.anybody.calendar.getCalendarYear({ year: 2026 });
    expect(year).toEqual(await get(2026));
    expect(await refusalOf(directory.anybody.calendar.getCalendarYear({ year: 1999 }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: ['year YEAR_INVALID'],
    });
  });

  test('without a table has the days off that the law fixes, and says so', async () => {
    const year = await get(2028);
    expect(year).toMatchObject({ version: 0n, provisional: true });
    expect(year?.days.map(({ from }) => from)).toEqual(
      [
        ...[
          '01-01',
          '01-03',
          '01-24',
          '01-25',
          '01-26',
          '01-27',
          '01-28',
          '04-04',
          '04-30',
          '05-01',
          '05-02',
        ],
        ...['09-01', '09-02', '09-04', '11-24'],
      ].map((day) => `2028-${day}`),
    );
    expect(year?.days[1]).toMatchObject({
      name: 'bù Tết Dương lịch, trùng Thứ Bảy 01/01/2028',
      source: 'Bộ luật Lao động 45/2019/QH14, Điều 112 khoản 1 điểm a và Điều 111 khoản 3',
    });
    // 1/1, four days of Tết, 30/4, 1/5 and 2/9.
    expect((await get(2006))?.days.filter(({ name }) => !name.startsWith('bù '))).toHaveLength(8);
    expect(await get(2024)).toMatchObject({ provisional: false, version: 0n });
  });

  test('without a decision makes a deadline provisional', async () => {
    const explain = (receivedAt: string, value: number) =>
      citizen.calendar.explainDeadline({
        receivedAt: new Date(receivedAt),
        duration: { amount: { $case: 'days', value } },
      });
    const overTet = await explain('2026-11-27T15:01:00+07:00', 60);
    expect(overTet).toMatchObject({ deadline: new Date('2027-03-02T17:00:00+07:00'), provisional: true });
    expect(overTet.lines.filter(({ kind }) => kind === 'uncertain').map(({ vi }) => vi)).toEqual([
      'Năm 2027 chưa có quyết định về lịch nghỉ lễ, tết: hạn là tạm tính theo ngày nghỉ do luật định, sẽ tính lại khi có quyết định',
    ]);
    expect((await explain('2027-04-29T09:00:00+07:00', 1)).deadline).toEqual(
      new Date('2027-05-04T17:00:00+07:00'),
    );
    expect((await explain('2026-11-27T15:01:00+07:00', 20)).provisional).toBe(false);
  });

  test('the shipped year decided as it stands is accepted and answers the same', async () => {
    const shipped = await get(2025);
    const { year } = await decide(2025, shipped?.days ?? [], { legalBasis: shipped?.legalBasis });
    expect(year).toEqual({ ...shipped, version: 1n });
  });

  test('is replaced as a whole; every decision is an event of its aggregate', async () => {
    const requestId = randomUUID();
    const name = 'Tết Nguyên đán';
    const first = await decide(
      2027,
      [off('2027-02-05', { to: '2027-02-11', name: name.normalize('NFD'), nameEn: 'Tết' })],
      { requestId },
    );
    expect(first.year).toEqual({
      year: 2027,
      days: [
        {
          from: '2027-02-05',
          to: '2027-02-11',
          kind: { $case: 'off', value: {} },
          name,
          nameEn: 'Tết',
          source: NOTICE,
        },
      ],
      legalBasis: 'QĐ 1/QĐ-TTg',
      version: 1n,
      provisional: false,
    });
    const second = await decide(
      2027,
      [off('2027-02-12'), worked('2027-02-20', '2027-02-12'), off('2027-01-01', { to: '2027-01-01' })],
      { amendsVersion: 1n },
    );
    expect(second.year?.version).toBe(2n);
    expect(await get(2027)).toEqual(second.year);
    // Sent again, however late, the first is answered as it was.
    const again = await decide(
      2027,
      [off('2027-02-05', { to: '2027-02-11', name: name.normalize('NFD'), nameEn: 'Tết' })],
      { requestId },
    );
    expect(again).toEqual(first);
    expect(await refusalOf(decide(2027, [off('2027-02-06')], { requestId }))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    });
    const events = await eventsOf(2027);
    expect(events.map(({ version, year }) => [version, year])).toEqual([
      [1, first.year],
      [2, second.year],
    ]);
    expect(new Set(events.map((event) => event.aggregate_id)).size).toBe(1);
  });

  test('decided twice is refused, unless it amends the decision in force or is the same', async () => {
    const first = await decide(2036, [off('2036-01-28')]);
    const twice = { code: 'FAILED_PRECONDITION', reason: 'YEAR_ALREADY_DECIDED' };
    const violations = ['amends_version YEAR_ALREADY_DECIDED'];
    const other = [off('2036-01-29')];
    expect(await refusalOf(decide(2036, other))).toMatchObject({ ...twice, violations });
    expect(await refusalOf(decide(2036, other, { amendsVersion: 2n }))).toMatchObject({
      ...twice,
      violations,
    });
    await expect(decide(2036, other)).rejects.toThrow('2036 was decided in version 1 (QĐ 1/QĐ-TTg)');
    expect(await refusalOf(decide(2037, other, { amendsVersion: 1n }))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'YEAR_NOT_DECIDED',
      violations: ['amends_version YEAR_NOT_DECIDED'],
    });
    expect(await refusalOf(decide(2036, other, { amendsVersion: -1n }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await get(2036)).toEqual(first.year);
    expect((await get(2037))?.version).toBe(0n);

    expect(await decide(2036, [off('2036-01-28')])).toEqual(first);
    expect(await decide(2036, [off('2036-01-28')], { amendsVersion: 1n })).toEqual(first);
    const amended = await decide(2036, [off('2036-01-28')], { amendsVersion: 1n, legalBasis: 'QĐ 2/QĐ-TTg' });
    expect(amended.year).toEqual({ ...first.year, legalBasis: 'QĐ 2/QĐ-TTg', version: 2n });
    expect((await eventsOf(2036)).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('decided by many at once, in two processes, is decided once', async () => {
    const other = directory.as(ADMIN, 1);
    // The first years open the other process's connections; of so many, some are decided by both at the same time.
    for (let year = 2040; year < 2060; year += 1) {
      const decisions = [10, 11].flatMap((day) => [
        decide(year, [off(`${year}-02-${day}`)]),
        decide(year, [off(`${year}-03-${day}`)], {}, other),
      ]);
      const results = await Promise.allSettled(decisions);
      const [first, ...more] = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.year] : []));
      expect(more).toEqual([]);
      expect(await get(year)).toEqual(first);
      for (const one of results)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'YEAR_ALREADY_DECIDED' });
      expect((await eventsOf(year)).map((event) => event.version)).toEqual([1]);
    }
  });

  test('amended by many at once, in two processes, gets every version once, one after the other', async () => {
    const other = directory.as(ADMIN, 1);
    await decide(2060, [off('2060-02-01')]);
    const amend = async (n: number, by: AgencyClient) => {
      for (;;) {
        const amendsVersion = (await get(2060))?.version;
        try {
          return (await decide(2060, [off(`2060-03-${10 + n}`)], { amendsVersion }, by)).year;
        } catch (error) {
          if ((error as { reason?: string }).reason !== 'YEAR_ALREADY_DECIDED') throw error;
        }
      }
    };
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => amend(n, n % 2 === 0 ? client : other)),
    );
    const versions = [2, 3, 4, 5, 6, 7, 8, 9];
    expect(replies.map((one) => Number(one?.version)).sort()).toEqual(versions);
    expect(await get(2060)).toEqual(replies.find((one) => one?.version === 9n));
    const events = await eventsOf(2060);
    expect(events.map(({ version }) => version)).toEqual([1, ...versions]);
    expect(new Set(events.map((event) => event.aggregate_id)).size).toBe(1);
  });
});

describe('a decision', () => {
  const tet = off('2029-02-12', { to: '2029-02-16' });
  test.each<[string, Day[], object, string[]]>([
    ['two days off that overlap', [tet, off('2029-02-16')], {}, ['days[1] OVERRIDES_OVERLAP']],
    [
      'a day both off and worked',
      [tet, off('2029-02-19'), worked('2029-02-13', '2029-02-19')],
      {},
      ['days[2] OVERRIDES_CONTRADICT'],
    ],
    ['a date of another year', [tet, off('2030-01-01')], {}, ['days[1].from DATE_OUTSIDE_YEAR']],
    [
      'an end in another year',
      [off('2029-12-31', { to: '2030-01-01' })],
      {},
      ['days[0].to DATE_OUTSIDE_YEAR'],
    ],
    [
      'a range that runs backwards',
      [off('2029-03-02', { to: '2029-03-01' })],
      {},
      ['days[0].to RANGE_REVERSED'],
    ],
    [
      'days without source',
      [tet, off('2029-03-01', { source: '' }), off('2029-03-02', { source: ' \n' })],
      {},
      ['days[1].source SOURCE_MISSING', 'days[2].source SOURCE_MISSING'],
    ],
    [
      'a worked day in place of one that is not off',
      [tet, worked('2029-02-24', '2029-02-19')],
      {},
      ['days[1].worked.instead_of REPLACED_DAY_NOT_OFF'],
    ],
    [
      'a worked day of no weekday',
      [worked('2029-02-24', '', { kind: { $case: 'worked', value: { hoursOf: 8 } } })],
      {},
      ['days[0].worked.hours_of WEEKDAY_INVALID'],
    ],
    [
      'a worked day in place of no date',
      [worked('2029-02-24', '24/02/2029')],
      {},
      ['days[0].worked.instead_of DATE_INVALID'],
    ],
    [
      'a day neither off nor worked',
      [tet, off('2029-03-01', { kind: undefined })],
      {},
      ['days[1].off FIELD_REQUIRED'],
    ],
    [
      'dates that do not exist',
      [off('2029-02-29'), off('2029-03-01', { to: '1/4/2029' })],
      {},
      ['days[0].from DATE_INVALID', 'days[1].to DATE_INVALID'],
    ],
    ['a day without name', [off('2029-03-01', { name: '' })], {}, ['days[0].name FIELD_REQUIRED']],
    ['no legal basis', [tet], { legalBasis: '' }, ['legal_basis FIELD_REQUIRED']],
    ['a year long ago', [], { year: 1999 }, ['year YEAR_INVALID']],
    ['a year far away', [], { year: 2101 }, ['year YEAR_INVALID']],
    ['no request_id of the right form', [tet], { requestId: 'x' }, ['request_id UUID_INVALID']],
    ['more days than a year has', Array.from({ length: 367 }, () => tet), {}, ['days TOO_MANY']],
  ])('is refused with %s, and nothing changes', async (_, days, more, violations) => {
    expect(await refusalOf(decide(2029, days, more))).toMatchObject({ code: 'INVALID_ARGUMENT', violations });
    expect((await get(2029))?.version).toBe(0n);
    expect(await eventsOf(2029)).toEqual([]);
  });

  test('names the day that is already taken', async () => {
    const clash = decide(2029, [tet, off('2029-02-16')]);
    await expect(clash).rejects.toThrow('2029-02-16 is already off by days[0] (Nghỉ lễ)');
  });

  test('may not take away the day off that another year makes up for', async () => {
    await decide(2032, [off('2032-01-02')]);
    await decide(2033, [worked('2033-01-08', '2032-01-02')]);
    const taking = decide(2032, [off('2032-01-01')], { amendsVersion: 1n });
    expect(await refusalOf(taking)).toMatchObject({ violations: ['days REPLACED_DAY_NOT_OFF'] });
    await expect(decide(2032, [], { amendsVersion: 1n })).rejects.toThrow('the table of 2033');
    expect((await get(2032))?.version).toBe(1n);
  });

  test('is an administrator’s', async () => {
    expect(await refusalOf(decide(2029, [tet], {}, citizen))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'ROLE_MISSING',
    });
  });
});

describe('a deadline', () => {
  test('is explained in Vietnamese and English, over Tết', async () => {
    const explained = await citizen.calendar.explainDeadline({
      receivedAt: new Date('2026-02-12T15:00:01+07:00'),
      duration: { amount: { $case: 'days', value: 3 } },
    });
    // Friday 13 is the first day, then 23, 24 and 25 February count.
    expect(explained.deadline?.toISOString()).toBe('2026-02-25T10:00:00.000Z');
    const skipped = explained.lines.find(({ kind, vi }) => kind === 'skipped' && vi.includes('Tết Âm lịch'));
    expect(skipped?.en).toContain('Lunar New Year');
    expect(explained.lines[0]).toMatchObject({ kind: 'received', vi: expect.stringContaining('sau 15:00') });
    expect(explained.lines.at(-1)).toEqual({
      kind: 'deadline',
      vi: 'Hạn: 17:00 Thứ Tư 25/02/2026',
      en: 'Deadline: 17:00 Wednesday 25 February 2026',
    });
  });

  test('follows the agency’s office hours', async () => {
    const morning = [1, 2, 3, 4, 5, 6].map((day) => ({ day, opens: '08:00', closes: '12:00' }));
    const agency = await establish(client, { officeHours: morning });
    expect(await deadlineOf('2026-03-06T09:00:00+07:00', 1)).toBe('2026-03-09T10:00:00.000Z');
    expect(await deadlineOf('2026-03-06T09:00:00+07:00', 1, agency.id)).toBe('2026-03-07T05:00:00.000Z');
    const minutes = await citizen.calendar.explainDeadline({
      receivedAt: new Date('2026-03-06T11:30:00+07:00'),
      duration: { amount: { $case: 'minutes', value: 60 } },
      agencyId: agency.id,
    });
    expect(minutes.deadline?.toISOString()).toBe('2026-03-07T01:30:00.000Z');
  });

  test('counts half days and calendar days', async () => {
    const explain = async (amount: { $case: 'halfDays' | 'calendarDays'; value: number }) => {
      const receivedAt = new Date('2026-03-05T09:00:00+07:00');
      const { deadline } = await citizen.calendar.explainDeadline({ receivedAt, duration: { amount } });
      return deadline;
    };
    expect(await explain({ $case: 'halfDays', value: 1 })).toEqual(new Date('2026-03-05T15:00:00+07:00'));
    expect(await explain({ $case: 'halfDays', value: 3 })).toEqual(new Date('2026-03-09T11:00:00+07:00'));
    // Saturday 7 March is a day off.
    expect(await explain({ $case: 'calendarDays', value: 2 })).toEqual(new Date('2026-03-09T17:00:00+07:00'));
  });

  test('moves with a decision', async () => {
    const before = await deadlineOf('2034-03-01T09:00:00+07:00', 2);
    expect(before).toBe('2034-03-03T10:00:00.000Z');
    await decide(2034, [off('2034-03-02')]);
    expect(await deadlineOf('2034-03-01T09:00:00+07:00', 2)).toBe('2034-03-06T10:00:00.000Z');
    await decide(2034, [], { amendsVersion: 1n });
    expect(await deadlineOf('2034-03-01T09:00:00+07:00', 2)).toBe(before);
  });

  test.each<[string, object, string, string[]]>([
    ['no reception', { receivedAt: undefined }, 'INVALID_ARGUMENT', ['received_at FIELD_REQUIRED']],
    ['no duration', { duration: undefined }, 'INVALID_ARGUMENT', ['duration FIELD_REQUIRED']],
    [
      'days below zero',
      { duration: { amount: { $case: 'days', value: -1 } } },
      'INVALID_ARGUMENT',
      ['duration.days DURATION_INVALID'],
    ],
    [
      'too many minutes',
      { duration: { amount: { $case: 'minutes', value: 480_001 } } },
      'INVALID_ARGUMENT',
      ['duration.minutes DURATION_INVALID'],
    ],
    [
      'whole days as half days',
      { duration: { amount: { $case: 'halfDays', value: 4 } } },
      'INVALID_ARGUMENT',
      ['duration.half_days DURATION_INVALID'],
    ],
    [
      'too many calendar days',
      { duration: { amount: { $case: 'calendarDays', value: 1401 } } },
      'INVALID_ARGUMENT',
      ['duration.calendar_days DURATION_INVALID'],
    ],
    ['an agency that is no UUID', { agencyId: 'H61' }, 'INVALID_ARGUMENT', ['agency_id UUID_INVALID']],
    ['an unknown agency', { agencyId: randomUUID() }, 'NOT_FOUND', ['agency_id UNKNOWN_AGENCY']],
    ['a reception long before any calendar', { receivedAt: new Date(0) }, 'OUT_OF_RANGE', []],
  ])('is refused with %s', async (_, more, code, violations) => {
    const request = {
      receivedAt: new Date('2026-03-06T09:00:00+07:00'),
      duration: { amount: { $case: 'days' as const, value: 1 } },
      ...more,
    };
    expect(await refusalOf(citizen.calendar.explainDeadline(request))).toMatchObject({ code, violations });
  });
});
