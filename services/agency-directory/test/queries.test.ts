import type { AgencyClient } from '@lienthong/client';
import { type Agency, Tier } from '@lienthong/contracts/directory';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byId, byKey, codeOf, establish, freshCode } from './support/build.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let client: AgencyClient;
beforeAll(async () => {
  directory = await openWorld();
  client = directory.admin;
});
afterAll(() => directory.stop());

const nameOf = (agency: Agency) => agency.names.at(-1)?.name;
const found = async (request: Parameters<AgencyClient['search']>[0]) =>
  (await Array.fromAsync(client.search({ pageSize: 2, ...request }))).map(nameOf);

describe('search', () => {
  beforeAll(async () => {
    await establish(client, { name: 'Xã Hòa Minh' });
    await establish(client, { name: 'Xã Long Hoà'.normalize('NFD') });
    await establish(client, { name: 'Phường Hòa Thuận', tier: Tier.DISTRICT });
    const gone = await establish(client, { name: 'Xã Đông Hoà' });
    await client.directory.endAgency({ part: { agency: byId(gone.id) }, effectiveOn: '2025-07-01' });
  });

  test('finds a name however its marks are written', async () => {
    const expected = await found({ query: 'hoa minh' });
    expect(expected).toEqual(['Xã Hòa Minh']);
    for (const query of ['Hòa Minh', 'Hoà Minh', 'HOÀ MINH', 'xã hòa minh', 'Hoà  Minh'.normalize('NFD')]) {
      expect(await found({ query })).toEqual(expected);
    }
  });

  test('finds names of the minority languages by plain letters, with and without the apostrophe', async () => {
    await establish(client, { name: "Xã Đắk R'lấp" });
    await establish(client, { name: 'Xã Ea H’leo' });
    await establish(client, { name: 'Xã Ƀlang Ƀhăm'.normalize('NFD') });
    for (const query of ['r lap', 'rlap', 'R’LẤP', 'đắk rlấp'])
      expect(await found({ query }), query).toEqual(["Xã Đắk R'lấp"]);
    for (const query of ['ea hleo', 'ea h leo', 'hleo'])
      expect(await found({ query }), query).toEqual(['Xã Ea H’leo']);
    for (const query of ['bham', 'ƀhăm', 'blang bham'])
      expect(await found({ query }), query).toEqual(['Xã Ƀlang Ƀhăm'.normalize('NFC')]);
  });

  test('keeps names in NFC', async () => {
    expect(await found({ query: 'long hoa' })).toEqual(['Xã Long Hoà'.normalize('NFC')]);
  });

  test('shows the name without its kind first, over several pages, and the past when asked', async () => {
    expect(await found({ query: 'hoà' })).toEqual(['Xã Long Hoà', 'Phường Hòa Thuận', 'Xã Hòa Minh']);
    expect(await found({ query: 'hoa', includeEnded: true })).toEqual([
      'Xã Đông Hoà',
      'Xã Long Hoà',
      'Phường Hòa Thuận',
      'Xã Hòa Minh',
    ]);
    expect(await found({ query: 'dong hoa', at: '2025-06-30' })).toEqual(['Xã Đông Hoà']);
    expect(await found({ query: 'dong hoa', at: '2025-07-01' })).toEqual([]);
    expect(await found({ query: 'hoa', tier: Tier.DISTRICT })).toEqual(['Phường Hòa Thuận']);
    expect(await found({ query: 'o%a' })).toEqual([]);
  });

  test('a page token is good for its own search only', async () => {
    const { nextPageToken } = await client.directory.searchAgencies({ query: 'hoa', pageSize: 1 });
    const same = await client.directory.searchAgencies({
      query: 'Hoà',
      pageSize: 1,
      pageToken: nextPageToken,
    });
    expect(same.agencies.map(nameOf)).toEqual(['Phường Hòa Thuận']);
    const other = client.directory.searchAgencies({ query: 'xa', pageSize: 1, pageToken: nextPageToken });
    expect(await refusalOf(other)).toMatchObject({ violations: ['page_token PAGE_TOKEN_INVALID'] });
  });

  test('finds former names when asked for the past', async () => {
    const agency = await establish(client, { name: 'Xã Tên Cũ' });
    await client.directory.renameAgency({
      part: { agency: byId(agency.id), name: 'Xã Tên Mới', kind: 'Xã' },
      effectiveOn: '2024-01-01',
    });
    expect(await found({ query: 'ten cu' })).toEqual([]);
    expect(await found({ query: 'ten cu', includeEnded: true })).toEqual(['Xã Tên Mới']);
    expect(await found({ query: 'ten cu', at: '2023-12-31' })).toEqual(['Xã Tên Mới']);
  });
});

describe('today', () => {
  test('is the calendar date in Vietnam', async () => {
    const agency = await establish(client);
    const next = freshCode();
    await client.directory.updateAgency({
      part: { agency: byId(agency.id), codes: [{ code: next }] },
      effectiveOn: '2026-01-15',
    });
    // In Vietnam it is the 15th already.
    expect((await client.directory.resolveCode({ code: { code: next } })).agency?.id).toBe(agency.id);
    const early = client.directory.resolveCode({ code: { code: next }, at: '2026-01-14' });
    expect(await refusalOf(early)).toMatchObject({ reason: 'CODE_NOT_VALID_AT_DATE' });
  });
});

describe('an old code', () => {
  test('names the agency that had it last, and the successor of one that has ended', async () => {
    const [first, second, third] = await Promise.all([
      establish(client),
      establish(client),
      establish(client),
    ]);
    const code = { code: codeOf(first) };
    const end = (predecessor: string, successor: string, effectiveOn: string) =>
      client.directory.mergeAgencies({
        part: { predecessors: [byId(predecessor)], successor: byId(successor) },
        effectiveOn,
      });
    await end(first.id, second.id, '2020-01-01');
    await end(second.id, third.id, '2030-01-01');
    const resolved = async (at?: string) => {
      const { agency, successor } = await client.directory.resolveCode({ code, at });
      return [agency?.id, successor?.id];
    };
    expect(await resolved()).toEqual([first.id, second.id]);
    expect(await resolved('2020-01-01')).toEqual([first.id, second.id]);
    // It had the code then, and has ended since.
    expect(await resolved('2019-12-31')).toEqual([first.id, second.id]);
    expect(await resolved('2030-01-01')).toEqual([first.id, third.id]);
  });

  test('that an agency has given up names that agency', async () => {
    const agency = await establish(client);
    await client.directory.updateAgency({
      part: { agency: byId(agency.id), codes: [{ code: freshCode() }] },
      effectiveOn: '2024-01-01',
    });
    const { agency: found, successor } = await client.directory.resolveCode({
      code: { code: codeOf(agency) },
    });
    expect([found?.id, successor]).toEqual([agency.id, undefined]);
  });
});

describe('children', () => {
  test('come by tier and name, page by page, as they were at a date', async () => {
    const { ids } = await client.importAgencies({}, [
      { key: 'p', codes: [{ code: freshCode() }], name: 'Tỉnh', tier: Tier.PROVINCE },
      ...Array.from({ length: 7 }, (_, i) => ({
        key: `c${i}`,
        codes: [{ code: freshCode() }],
        name: `Xã ${'GFEDCBA'[i]}`,
        tier: i % 2 ? Tier.DEPARTMENT : Tier.COMMUNE,
        parent: byKey('p'),
      })),
    ]);
    const children = async (request: object) =>
      (await Array.fromAsync(client.children({ agencyId: ids.p, pageSize: 3, ...request }))).map(nameOf);
    expect(await children({})).toEqual(['Xã B', 'Xã D', 'Xã F', 'Xã A', 'Xã C', 'Xã E', 'Xã G']);
    expect(await children({ tier: Tier.COMMUNE })).toEqual(['Xã A', 'Xã C', 'Xã E', 'Xã G']);
    await client.directory.moveAgency({ part: { agency: byId(ids.c0 ?? '') }, effectiveOn: '2026-02-01' });
    expect(await children({ tier: Tier.COMMUNE })).toContain('Xã G');
    expect(await children({ tier: Tier.COMMUNE, at: '2026-02-01' })).not.toContain('Xã G');
  });
});

describe('jurisdiction', () => {
  test('is the nearest up the chain: the agency itself, its departments, then its parent', async () => {
    const line = (key: string, parent: string | undefined, tier: Tier, functions: string[]) => ({
      key,
      codes: [{ code: freshCode() }],
      name: `Cơ quan ${key}`,
      tier,
      parent: parent === undefined ? undefined : byKey(parent),
      functions,
    });
    const { ids } = await client.importAgencies({}, [
      line('province', undefined, Tier.PROVINCE, ['budget', 'land']),
      line('department', 'province', Tier.DEPARTMENT, ['land', 'health']),
      line('district', 'province', Tier.DISTRICT, ['civil-status']),
      line('office', 'district', Tier.DEPARTMENT, ['health', 'civil-status']),
      line('commune', 'district', Tier.COMMUNE, ['one-stop']),
      line('neighbour', 'district', Tier.COMMUNE, ['tax']),
    ]);
    const keys = new Map(Object.entries(ids).map(([key, id]) => [id, key]));
    const responsible = async (name: string, territory = 'commune') => {
      const { agency, pathAgencyIds } = await client.directory.findResponsible({
        function: name,
        territoryAgencyId: ids[territory],
      });
      return [keys.get(agency?.id ?? ''), pathAgencyIds.map((id) => keys.get(id))];
    };
    expect(await responsible('one-stop')).toEqual(['commune', ['commune']]);
    expect(await responsible('civil-status')).toEqual(['district', ['commune', 'district']]);
    expect(await responsible('health')).toEqual(['office', ['commune', 'district', 'office']]);
    expect(await responsible('land')).toEqual(['province', ['commune', 'district', 'province']]);
    expect(await responsible('budget', 'office')).toEqual(['province', ['office', 'district', 'province']]);
    expect(await responsible('health', 'office')).toEqual(['office', ['office']]);
    // A neighbour is no department: what it holds, it holds for itself.
    const tax = client.directory.findResponsible({ function: 'tax', territoryAgencyId: ids.commune });
    expect(await refusalOf(tax)).toMatchObject({ reason: 'NOBODY_RESPONSIBLE' });
  });
});
