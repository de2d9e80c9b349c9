import { randomUUID } from 'node:crypto';
import { Tier } from '@lienthong/contracts/directory';
import {
  Channel,
  type DeepPartial,
  type SearchProceduresRequest,
  ServiceLevel,
  Way,
} from '@lienthong/contracts/registry';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { named, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commune, decision, department, openWorld, province, publish, sound } from './support/world.ts';

let world: TestWorld;
const old = agency({ code: 'H61.NN', name: 'Sở Nông nghiệp', tier: Tier.DEPARTMENT, parentId: province.id });
const successor = agency({
  code: 'H61.NNMT',
  name: 'Sở Nông nghiệp và Môi trường',
  tier: Tier.DEPARTMENT,
  parentId: province.id,
});

beforeAll(async () => {
  world = await openWorld();
  await world.announce(old, successor);
  const naming = (id: string) => ({
    workflow: { root: sequence('all', step('lam', { performer: named(id), produces: ['giay-phep'] })) },
  });
  await publish(world.admin, sound({ code: '1.000001', name: 'Đăng ký khai sinh', field: 'Hộ tịch' }));
  await publish(
    world.admin,
    sound({
      code: '1.000002',
      name: 'Cấp giấy phép đánh bắt',
      field: 'Thủy sản',
      keywords: ['hoà giải'],
      ...naming(old.id),
    }),
  );
  await publish(
    world.admin,
    sound({
      code: '1.000003',
      name: 'Hòa giải tranh chấp đất đai',
      field: 'Đất đai',
      tiers: [Tier.DEPARTMENT],
    }),
  );
  await publish(
    world.admin,
    sound({
      code: '1.000004',
      name: 'Cấp trích lục',
      field: 'hộ tịch',
      tiers: [Tier.COMMUNE, Tier.DEPARTMENT],
    }),
    '2026-02-01',
  );
  const { procedure } = await world.admin.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: sound({ code: '1.000005', name: 'Dự thảo khai sinh', field: 'Hộ tịch' }),
  });
  expect(procedure?.version).toBe(1);
});
afterAll(() => world.stop());

const codes = async (request: DeepPartial<SearchProceduresRequest>) =>
  (await world.anybody.procedures.searchProcedures(request)).procedures.map((one) => one.code).sort();

describe('public search', () => {
  test.each([
    ['khai sinh', ['1.000001']],
    ['KHAI Sinh', ['1.000001']],
    ['dang ky', ['1.000001']],
    ['Đăng ký'.normalize('NFD'), ['1.000001']],
    ['hoa giai', ['1.000002', '1.000003']],
    ['hòa giải', ['1.000002', '1.000003']],
    ['hoà giải'.normalize('NFD'), ['1.000002', '1.000003']],
    ['1.000003', ['1.000003']],
    ['thuy san', ['1.000002']],
    ['sinh đất', []],
    ["' | 'dang':* & !", ['1.000001']],
    ['', ['1.000001', '1.000002', '1.000003']],
  ])('text %j', async (text, expected) => {
    expect(await codes({ text })).toEqual(expected);
  });

  test('by date: what is in force then', async () => {
    expect(await codes({ at: '2026-01-14' })).toEqual([]);
    expect(await codes({ field: 'Hộ tịch', at: '2026-02-01' })).toEqual(['1.000001', '1.000004']);
  });

  test('by field, whatever its marks and case', async () => {
    expect(await codes({ field: 'ho tich' })).toEqual(['1.000001']);
    expect(await codes({ field: 'Hộ tịch'.normalize('NFD') })).toEqual(['1.000001']);
    expect(await codes({ field: 'Hộ' })).toEqual([]);
  });

  test('by tier', async () => {
    expect(await codes({ tier: Tier.DEPARTMENT })).toEqual(['1.000003']);
    expect(await codes({ tier: Tier.DEPARTMENT, at: '2026-02-01' })).toEqual(['1.000003', '1.000004']);
  });

  test('by agency: what it takes in by its tier, and where it or a predecessor is named', async () => {
    expect(await codes({ agencyId: commune.id })).toEqual(['1.000001', '1.000002']);
    expect(await codes({ agencyId: department.id })).toEqual(['1.000003']);
    expect(await codes({ agencyId: old.id })).toEqual(['1.000002', '1.000003']);
    expect(await codes({ agencyId: successor.id, at: '2026-03-01' })).toEqual(['1.000003', '1.000004']);
    await world.announce(ended(old, '2026-03-01', successor.id));
    expect(await codes({ agencyId: successor.id, at: '2026-02-28' })).toEqual(['1.000003', '1.000004']);
    expect(await codes({ agencyId: successor.id, at: '2026-03-01' })).toEqual([
      '1.000002',
      '1.000003',
      '1.000004',
    ]);
  });

  test('page by page, each once and in order of name', async () => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await world.anybody.procedures.searchProcedures({ pageSize: 1, pageToken });
      expect(page.procedures).toHaveLength(1);
      names.push(...page.procedures.map((one) => one.name));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(names).toEqual(['Cấp giấy phép đánh bắt', 'Đăng ký khai sinh', 'Hòa giải tranh chấp đất đai']);
  });

  test('a summary says what a list shows', async () => {
    const { procedures } = await world.anybody.procedures.searchProcedures({ text: '1.000001' });
    expect(procedures).toMatchObject([
      {
        code: '1.000001',
        version: 1,
        name: 'Đăng ký khai sinh',
        field: 'Hộ tịch',
        tiers: [Tier.COMMUNE],
        effectiveOn: '2026-01-15',
        endedOn: '',
        timeLimit: { amount: { $case: 'days', value: 20 } },
        sample: false,
      },
    ]);
  });

  test('by service level, which the summary and the procedure show with its reason', async () => {
    const online = Way.fromPartial({ channel: Channel.ONLINE });
    const reason = 'Phải đối chiếu bản chính';
    const level = { ways: [online], serviceLevel: ServiceLevel.PARTIAL, serviceLevelReason: reason };
    await publish(world.admin, sound({ code: '1.000007', name: 'Thủ tục một phần', ...level }));
    await publish(
      world.admin,
      sound({ code: '1.000008', name: 'Toàn trình', ways: [online], serviceLevel: ServiceLevel.FULL }),
    );
    expect(await codes({ serviceLevel: ServiceLevel.PARTIAL })).toEqual(['1.000007']);
    expect(await codes({ serviceLevel: ServiceLevel.FULL })).toEqual(['1.000008']);
    const { procedures } = await world.anybody.procedures.searchProcedures({ text: 'một phần' });
    expect(procedures).toMatchObject([{ serviceLevel: ServiceLevel.PARTIAL }]);
    const { procedure } = await world.anybody.procedures.getProcedure({ code: '1.000007' });
    expect(procedure?.definition).toMatchObject({
      serviceLevel: level.serviceLevel,
      serviceLevelReason: reason,
    });
  });

  test('one that another system serves is found with its address, which browsers may be sent to', async () => {
    const servedElsewhere = 'https://dichvucong.bca.gov.vn/cu-tru';
    await publish(
      world.admin,
      sound({ code: '1.000009', name: 'Đăng ký tạm trú qua hệ thống bộ', servedElsewhere }),
    );
    const { procedures } = await world.anybody.procedures.searchProcedures({ text: 'tạm trú' });
    expect(procedures).toMatchObject([{ servedElsewhere }]);
    const { procedure } = await world.anybody.procedures.getProcedure({ code: '1.000009' });
    expect(procedure?.definition).toMatchObject({ servedElsewhere });
    for (const wrong of ['javascript:alert(1)', 'http://bca.gov.vn', 'https://a:b@bca.gov.vn', 'bca.gov.vn'])
      expect(
        await refusalOf(
          world.admin.procedures.draftProcedure({
            requestId: randomUUID(),
            definition: sound({ code: '1.000010', servedElsewhere: wrong }),
          }),
        ),
      ).toMatchObject({ violations: ['definition.served_elsewhere ADDRESS_INVALID'] });
  });

  test('what is repealed is found until its last day', async () => {
    const one = await publish(world.admin, sound({ code: '1.000006', name: 'Thủ tục sẽ bãi bỏ' }));
    await world.admin.procedures.repealProcedure({
      requestId: randomUUID(),
      procedureId: one.id,
      endedOn: '2026-04-01',
      decision,
    });
    expect(await codes({ text: 'bai bo', at: '2026-03-31' })).toEqual(['1.000006']);
    expect(await codes({ text: 'bai bo', at: '2026-04-01' })).toEqual([]);
  });

  test.each<[DeepPartial<SearchProceduresRequest>, string, string]>([
    [{ pageSize: 201 }, 'INVALID_ARGUMENT', 'PAGE_SIZE_INVALID'],
    [{ pageToken: 'xyz' }, 'INVALID_ARGUMENT', 'PAGE_TOKEN_INVALID'],
    [{ at: '2026-02-30' }, 'INVALID_ARGUMENT', 'DATE_INVALID'],
    [{ tier: 77 as never }, 'INVALID_ARGUMENT', 'ENUM_INVALID'],
    [{ serviceLevel: 9 as never }, 'INVALID_ARGUMENT', 'ENUM_INVALID'],
    [{ agencyId: 'H61' }, 'INVALID_ARGUMENT', 'UUID_INVALID'],
    [{ agencyId: randomUUID() }, 'NOT_FOUND', 'AGENCY_UNKNOWN'],
    [{ text: 'x'.repeat(201) }, 'INVALID_ARGUMENT', 'FIELD_TOO_LONG'],
  ])('refused: %j', async (request, code, reason) => {
    expect(await refusalOf(codes(request))).toMatchObject({ code, reason });
  });
});

test('a procedure is asked for by id or by code, not by both', async () => {
  const { procedures } = world.anybody;
  const { procedure } = await procedures.getProcedure({ code: '1.000001' });
  expect(await procedures.getProcedure({ procedureId: procedure?.id })).toEqual({ procedure });
  expect(await refusalOf(procedures.getProcedure({}))).toMatchObject({ reason: 'ONE_OF_REQUIRED' });
  expect(
    await refusalOf(procedures.getProcedure({ code: '1.000001', procedureId: procedure?.id })),
  ).toMatchObject({ reason: 'ONE_OF_REQUIRED' });
  for (const code of ['1.999999', '1.000005', "'; drop table version; --"])
    expect(await refusalOf(procedures.getProcedure({ code }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'PROCEDURE_UNKNOWN',
    });
});
