import { LienThongError } from '@lienthong/client';
import {
  type DeepPartial,
  type ImportAgenciesRequest,
  type ImportLine,
  Tier,
} from '@lienthong/contracts/directory';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byCode, byKey, establish, freshCode } from './support/build.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
beforeAll(async () => {
  directory = await openWorld();
});
afterAll(() => directory.stop());

/** A province with districts and communes, the children first. */
function tree(size: number): DeepPartial<ImportLine>[] {
  return Array.from({ length: size }, (_, i) => size - 1 - i).map((n) => ({
    key: `k${n}`,
    codes: [{ code: freshCode() }],
    name: `Xã Số ${n}`,
    tier: n === 0 ? Tier.PROVINCE : Tier.COMMUNE,
    parent: n === 0 ? undefined : byKey(`k${Math.floor((n - 1) / 10)}`),
  }));
}

const found = async (query: string) =>
  Array.fromAsync(directory.admin.search({ query, includeEnded: true, pageSize: 200 }));

describe('an import', () => {
  test('takes lines in any order', async () => {
    const { imported, ids } = await directory.admin.importAgencies({}, tree(500));
    expect([imported, Object.keys(ids).length]).toEqual([500, 500]);
    const { agencies } = await directory.admin.directory.listChildren({ agencyId: ids.k1 });
    expect(agencies.map(({ id }) => id).sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => ids[`k${11 + i}`]).sort(),
    );
  });

  test('with 3 bad lines of 500 changes nothing and names all three', async () => {
    const before = (await found('xa so')).length;
    const lines = tree(500);
    lines[17] = { ...lines[17], parent: byKey('nobody') };
    lines[250] = { ...lines[250], codes: lines[3]?.codes };
    lines[400] = { ...lines[400], validFrom: '2020-01-01', validTo: '2019-01-01' };
    expect(await refusalOf(directory.admin.importAgencies({}, lines))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'SEVERAL_PROBLEMS',
      violations: [
        'lines[17].parent UNKNOWN_KEY',
        'lines[250].codes[0].code CODE_TAKEN',
        'lines[400].valid_to END_BEFORE_START',
      ],
    });
    expect((await found('xa so')).length).toBe(before);
  });

  test('names every bad line of many, whatever the size of the answer allows', async () => {
    const lines = tree(300).map((line, i) => (i % 3 === 0 ? { ...line, name: '' } : line));
    const error = await directory.admin.importAgencies({}, lines).catch((cause: LienThongError) => cause);
    if (!(error instanceof LienThongError)) throw new Error('the import was not refused');
    expect(error.reason).toBe('FIELD_REQUIRED');
    expect(error.violations[1]).toMatchObject({ field: 'lines[3].name', reason: 'FIELD_REQUIRED' });
    expect(error.metadata).toEqual({
      problems: '100',
      places: Array.from({ length: 100 }, (_, i) => 3 * i).join(','),
    });
  });

  test('reports malformed and impossible lines together, and no child for its parent', async () => {
    const taken = freshCode();
    await establish(directory.admin, { codes: [{ code: taken }] });
    const lines = [
      { key: 'top', codes: [{ code: 'x' }], name: '', tier: Tier.PROVINCE },
      { key: 'low', codes: [{ code: taken }], name: 'Xã Thấp', tier: Tier.COMMUNE, parent: byKey('top') },
      {
        key: 'low',
        codes: [{ code: freshCode() }],
        name: 'Xã Hai',
        tier: Tier.COMMUNE,
        parent: byCode('Y98'),
      },
    ];
    expect((await refusalOf(directory.admin.importAgencies({}, lines))).violations).toEqual([
      'lines[0].codes[0].code CODE_INVALID',
      'lines[0].name FIELD_REQUIRED',
      'lines[1].codes[0].code CODE_TAKEN',
      'lines[2].key DUPLICATE_KEY',
    ]);
  });

  test('refuses cycles, and parents that do not last as long as their children', async () => {
    const line = (key: string, parent: string | undefined, more: object = {}) => ({
      key,
      codes: [{ code: freshCode() }],
      name: `Xã ${key}`,
      tier: Tier.COMMUNE,
      parent: parent === undefined ? undefined : byKey(parent),
      ...more,
    });
    const lines = [
      line('a', 'b'),
      line('b', 'a'),
      line('c', undefined, { validFrom: '2001-01-01', validTo: '2010-01-01' }),
      line('d', 'c', { validFrom: '2001-01-01' }),
      line('e', 'c', { validFrom: '2001-01-01', validTo: '2010-01-01' }),
      line('f', 'f'),
    ];
    expect((await refusalOf(directory.admin.importAgencies({}, lines))).violations).toEqual([
      'lines[0].parent CYCLE',
      'lines[1].parent CYCLE',
      'lines[3].parent PARENT_NOT_VALID_AT_DATE',
      'lines[5].parent CYCLE',
    ]);
  });

  test('is bounded, and says so before the rest arrives', async () => {
    const line = { codes: [{ code: freshCode() }], name: 'Xã Quá Nhiều', tier: Tier.COMMUNE };
    expect(await refusalOf(directory.admin.importAgencies({}, Array(20_001).fill(line)))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'IMPORT_TOO_LARGE',
    });
  });

  test('takes one code for two agencies one after the other', async () => {
    const codes = [{ code: freshCode() }];
    const line = { codes, name: 'Xã Nối Tiếp', tier: Tier.COMMUNE };
    const { ids } = await directory.admin.importAgencies({}, [
      { ...line, key: 'old', validTo: '2020-01-01' },
      { ...line, key: 'new', validFrom: '2020-01-01' },
    ]);
    const at = async (date: string) =>
      (await directory.admin.directory.resolveCode({ code: codes[0], at: date })).agency?.id;
    expect(await at('2019-12-31')).toBe(ids.old);
    expect(await at('2020-01-01')).toBe(ids.new);
    const violations = (
      await refusalOf(
        directory.admin.importAgencies({}, [{ ...line, validFrom: '2019-12-31', validTo: '2020-01-02' }]),
      )
    ).violations;
    expect(violations).toEqual(['lines[0].codes[0].code CODE_TAKEN']);
  });

  test.each<[string, DeepPartial<ImportAgenciesRequest>[], string]>([
    ['no message at all', [], 'header'],
    [
      'a header alone',
      [{ content: { $case: 'header', value: { requestId: crypto.randomUUID() } } }],
      'lines',
    ],
    [
      'a line before the header',
      [{ content: { $case: 'line', value: {} } }, { content: { $case: 'header', value: {} } }],
      'header',
    ],
    ['an empty message', [{ content: { $case: 'header', value: {} } }, {}], 'lines[0]'],
    [
      'a header without request_id',
      [{ content: { $case: 'header', value: {} } }, { content: { $case: 'line', value: {} } }],
      'header.request_id',
    ],
  ])('refuses %s', async (_, messages, field) => {
    async function* stream() {
      yield* messages;
    }
    const refused = await refusalOf(directory.admin.directory.importAgencies(stream()));
    expect(refused.code).toBe('INVALID_ARGUMENT');
    expect(refused.violations.map((violation) => violation.split(' ')[0])).toContain(field);
  });
});
