import type { AgencyClient } from '@lienthong/client';
import type { Agency } from '@lienthong/contracts/directory';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byId, establish } from './support/build.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let client: AgencyClient;
let agency: Agency;
beforeAll(async () => {
  directory = await openWorld();
  client = directory.admin;
});
beforeEach(async () => {
  agency = await establish(client, {}, '2010-01-01');
});
afterAll(() => directory.stop());

const appoint = (more: object = {}, by = client) =>
  by.directory.appointOfficer({
    agencyId: agency.id,
    fullName: 'Nguyễn Văn Mẫu',
    position: 'Chủ tịch',
    roles: ['leader'],
    head: true,
    validFrom: '2020-01-01',
    ...more,
  });
const names = async (request: object) =>
  (await Array.fromAsync(client.officers({ agencyId: agency.id, pageSize: 1, ...request }))).map(
    (o) => o.fullName,
  );

describe('officers', () => {
  test('hold a position for a time; one of them is the head', async () => {
    await appoint({ validTo: '2024-01-01' });
    await appoint({ fullName: 'Trần Thị Mẫu', validFrom: '2024-01-01' });
    await appoint({ fullName: 'Bùi Văn Thư', position: 'Văn thư', roles: ['clerk'], head: false });
    expect(await names({ at: '2023-12-31' })).toEqual(['Nguyễn Văn Mẫu', 'Bùi Văn Thư']);
    expect(await names({})).toEqual(['Trần Thị Mẫu', 'Bùi Văn Thư']);
    expect(await names({ headOnly: true })).toEqual(['Trần Thị Mẫu']);
    expect(await names({ at: '2019-12-31' })).toEqual([]);
  });

  test('are relieved on a date, once', async () => {
    const officerId = (await appoint()).officer?.id ?? '';
    const relieve = (effectiveOn: string, id = officerId) =>
      client.directory.relieveOfficer({ officerId: id, effectiveOn });
    expect(await refusalOf(relieve('2020-01-01'))).toEqual({
      code: 'FAILED_PRECONDITION',
      reason: 'END_BEFORE_START',
      violations: ['effective_on END_BEFORE_START'],
    });
    expect((await relieve('2025-01-01')).officer?.validTo).toBe('2025-01-01');
    expect(await names({ at: '2024-12-31' })).toEqual(['Nguyễn Văn Mẫu']);
    expect(await names({})).toEqual([]);
    expect(await refusalOf(relieve('2025-01-01'))).toMatchObject({ reason: 'OFFICER_RELIEVED' });
    expect(await refusalOf(relieve('2025-01-01', crypto.randomUUID()))).toMatchObject({
      code: 'NOT_FOUND',
      violations: ['officer_id UNKNOWN_OFFICER'],
    });
    // The position is free again.
    await appoint({ fullName: 'Trần Thị Mẫu', validFrom: '2025-01-01' });
  });

  test('leave with their agency', async () => {
    await appoint();
    await client.directory.endAgency({ part: { agency: byId(agency.id) }, effectiveOn: '2025-07-01' });
    expect(await names({ at: '2025-06-30' })).toEqual(['Nguyễn Văn Mẫu']);
    expect(await names({ at: '2025-07-01' })).toEqual([]);
  });

  test('of two heads at one time, however they come, one is refused', async () => {
    const results = await Promise.allSettled([appoint(), appoint({ fullName: 'Trần Thị Mẫu' })]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusalOf(appoint({ validFrom: '2019-01-01', validTo: '2020-01-02' }))).toEqual({
      code: 'FAILED_PRECONDITION',
      reason: 'OVERLAPPING_VALIDITY',
      violations: ['head OVERLAPPING_VALIDITY'],
    });
    await appoint({ validFrom: '2019-01-01', validTo: '2020-01-01' });
  });

  test.each<[string, object, string, string[]]>([
    ['an unknown agency', { agencyId: crypto.randomUUID() }, 'NOT_FOUND', ['agency_id UNKNOWN_AGENCY']],
    ['a name too long', { fullName: 'ư'.repeat(51) }, 'INVALID_ARGUMENT', ['full_name FIELD_TOO_LONG']],
    ['no position', { position: '' }, 'INVALID_ARGUMENT', ['position FIELD_REQUIRED']],
    ['a role unknown', { roles: ['king'] }, 'INVALID_ARGUMENT', ['roles[0] INVALID_VALUE']],
    ['an end before the start', { validTo: '2020-01-01' }, 'INVALID_ARGUMENT', ['valid_to END_BEFORE_START']],
    ['an impossible date', { validFrom: '2021-02-29' }, 'INVALID_ARGUMENT', ['valid_from DATE_INVALID']],
    [
      'a start before the agency',
      { validFrom: '2009-12-31' },
      'FAILED_PRECONDITION',
      ['valid_from AGENCY_NOT_YET_ESTABLISHED'],
    ],
  ])('are refused with %s', async (_, more, code, violations) => {
    expect(await refusalOf(appoint(more))).toMatchObject({ code, violations });
    expect(await names({})).toEqual([]);
  });

  test('are a leader’s own business, but not to make administrators', async () => {
    const leader = directory.as({ agencyId: agency.id, officerId: 'lãnh đạo', roles: ['leader'] });
    const stranger = directory.as({ agencyId: crypto.randomUUID(), officerId: 'khác', roles: ['leader'] });
    const officerId = (await appoint({}, leader)).officer?.id;
    expect(await refusalOf(appoint({ head: false, roles: ['admin'] }, leader))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'ROLE_NOT_GRANTABLE',
    });
    expect(await refusalOf(appoint({ head: false }, stranger))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'NOT_YOUR_AGENCY',
    });
    const relieving = stranger.directory.relieveOfficer({ officerId, effectiveOn: '2025-01-01' });
    expect(await refusalOf(relieving)).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'NOT_YOUR_AGENCY',
    });
    const clerk = directory.as({ agencyId: agency.id, officerId: 'văn thư', roles: ['clerk'] });
    expect(await refusalOf(appoint({ head: false }, clerk))).toMatchObject({ reason: 'ROLE_MISSING' });
    expect(await names({})).toEqual(['Nguyễn Văn Mẫu']);
  });
});
