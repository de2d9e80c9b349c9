import { Channel, Definition, type Fee } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledOf } from '../arbitrary.ts';
import { problemsOf, sound } from '../check/testing.ts';
import { definition, facts } from '../testing.ts';
import { computeFees, totalOf } from './compute.ts';
import { explainFee } from './explain.ts';

const part = (fees: object[]) => {
  const made = Definition.fromPartial({
    fees,
    ways: [{ channel: Channel.IN_PERSON }, { channel: Channel.ONLINE }],
  });
  return { fees: made.fees, ways: made.ways };
};
const source = 'Thông tư 281/2016/TT-BTC';
const copies = {
  key: 'trich-luc',
  name: 'Phí cấp bản sao trích lục hộ tịch',
  rules: [{ amountVnd: 8_000n, count: 'floors', unit: 'bản', source }],
  reliefs: [
    {
      name: 'Nộp trực tuyến',
      percent: 50,
      condition: 'channel == 2',
      firstDay: '2026-08-15',
      lastDay: '2027-02-28',
      source: 'Thông tư 117/2026/TT-BTC',
    },
    { name: 'Hộ nghèo', percent: 100, condition: 'has(data.urgent) && data.urgent' },
  ],
};
const byKind = {
  key: 'le-phi',
  name: 'Lệ phí',
  rules: [
    { amountVnd: 1_500_000n, name: 'Người nước ngoài', condition: 'applicant_kind == "foreign"' },
    { amountVnd: 50_001n, condition: 'applicant_kind != "foreign"', lastDay: '2026-12-31' },
    { amountVnd: 60_000n, condition: 'applicant_kind != "foreign"', firstDay: '2027-01-01' },
  ],
  reliefs: [{ name: 'Giảm', percent: 50, condition: 'channel == 2' }],
};

const compute = (
  fees: object[],
  data: Record<string, string>,
  more: Parameters<typeof facts>[1] = {},
  day = '2026-09-01',
) => computeFees(compiledOf(definition(sound, part(fees))), { feeVnd: 0n }, facts(data, more), day);

function computed(...args: Parameters<typeof compute>) {
  const result = compute(...args);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}
const wrong = (...args: Parameters<typeof compute>) => {
  const result = compute(...args);
  return result.ok ? [] : result.refusal.violations?.map(({ field, reason }) => `${field} ${reason}`);
};
const online = { channel: Channel.ONLINE };
const vi = (...args: Parameters<typeof compute>) => computed(...args).map((fee) => explainFee(fee).vi);

describe('what a dossier costs', () => {
  test('a fee for each copy, and why', () => {
    const [fee] = computed([copies], { floors: '3' });
    expect(fee).toMatchObject({ key: 'trich-luc', amountVnd: 24_000, count: 3, relief: null });
    expect(vi([copies], { floors: '3' })).toEqual([
      'Phí cấp bản sao trích lục hộ tịch: 8.000 đồng/bản × 3 bản = 24.000 đồng (Thông tư 281/2016/TT-BTC)',
    ]);
  });

  test.each([
    ['2026-08-14', 24_000],
    ['2026-08-15', 12_000],
    ['2027-02-28', 12_000],
    ['2027-03-01', 24_000],
  ])('a relief between two dates: online on %s it is %d', (day, amount) => {
    expect(totalOf(computed([copies], { floors: '3' }, online, day))).toBe(amount);
  });

  test('the greatest relief counts, they do not add up; the explanation names it', () => {
    expect(vi([copies], { floors: '3' }, online)).toEqual([
      'Phí cấp bản sao trích lục hộ tịch: 8.000 đồng/bản × 3 bản = 24.000 đồng (Thông tư 281/2016/TT-BTC); giảm 50%: Nộp trực tuyến, đến hết ngày 28/02/2027 (Thông tư 117/2026/TT-BTC), còn 12.000 đồng',
    ]);
    expect(vi([copies], { floors: '3', urgent: 'true' }, online)).toEqual([
      'Phí cấp bản sao trích lục hộ tịch: 8.000 đồng/bản × 3 bản = 24.000 đồng (Thông tư 281/2016/TT-BTC); miễn: Hộ nghèo, còn 0 đồng',
    ]);
  });

  test('the last day of a relief is written as papers write dates', () => {
    const [relief] = copies.reliefs;
    const untilAugust = { ...copies, reliefs: [{ ...relief, firstDay: '', lastDay: '2026-08-31' }] };
    expect(vi([untilAugust], { floors: '3' }, online, '2026-08-31')[0]).toContain('đến hết ngày 31/8/2026 (');
  });

  test('by who applies and when, rounded down to whole đồng', () => {
    expect(vi([byKind], {}, { applicantKind: 'foreign' })).toEqual([
      'Lệ phí (Người nước ngoài): 1.500.000 đồng',
    ]);
    expect(totalOf(computed([byKind], {}, online, '2026-12-31'))).toBe(25_000);
    expect(totalOf(computed([byKind], {}, {}, '2027-01-01'))).toBe(60_000);
  });

  test('only units beyond those that are included', () => {
    const more = {
      key: 'phieu',
      name: 'Phí thêm',
      rules: [{ amountVnd: 5_000n, count: 'floors', unit: 'phiếu', included: 2 }],
    };
    expect(totalOf(computed([more], { floors: '1' }))).toBe(0);
    expect(vi([more], { floors: '3' })).toEqual([
      'Phí thêm: 5.000 đồng/phiếu × 1 phiếu (sau 2 phiếu đầu) = 5.000 đồng',
    ]);
  });

  test('several fees add up; without fees it is that of the way', () => {
    expect(totalOf(computed([copies, byKind], { floors: '1' }))).toBe(58_001);
    const plain = compiledOf(definition(sound));
    const of = (feeVnd: bigint) => computeFees(plain, { feeVnd }, facts(), '2026-01-01');
    expect(of(75_000n)).toMatchObject({ ok: true, value: [{ key: '', amountVnd: 75_000 }] });
    expect(of(0n)).toEqual({ ok: true, value: [] });
  });
});

describe('what cannot be computed is refused with its field', () => {
  const rules = (...list: object[]) => [{ key: 'phi', name: 'Phí', rules: list }];
  const [low, high] = [
    { amountVnd: 1n, condition: 'data.area_m2 < 100.0' },
    { amountVnd: 2n, condition: 'data.area_m2 > 50.0 && channel > 0' },
  ];

  test.each<[string, Parameters<typeof compute>, string[]]>([
    ['no rule holds', [rules({ ...low }), { area_m2: '100' }], ['data.area_m2 FEE_RULE_MISSING']],
    [
      'no rule of that day',
      [rules({ amountVnd: 1n, lastDay: '2026-08-31' }), {}],
      ['procedure_code FEE_RULE_MISSING'],
    ],
    [
      'no rule for this applicant',
      [rules({ amountVnd: 1n, condition: 'applicant_kind == "foreign"' }), {}],
      ['applicant.kind FEE_RULE_MISSING'],
    ],
    [
      'two rules hold',
      [rules(low, high), { area_m2: '60' }],
      ['data.area_m2 FEE_RULE_AMBIGUOUS', 'channel FEE_RULE_AMBIGUOUS'],
    ],
    ['a rule cannot be decided', [rules(low), {}], ['data.area_m2 CONDITION_FAILED']],
    ['the count is missing', [[copies], {}], ['data.floors FEE_COUNT_MISSING']],
    ['the count is negative', [[copies], { floors: '-1' }], ['data.floors FEE_COUNT_INVALID']],
    ['the count is no number', [[copies], { floors: 'ba' }], ['data.floors FEE_COUNT_INVALID']],
    ['the amount is too high', [[copies], { floors: '999999999999' }], ['data.floors FEE_TOO_HIGH']],
  ])('%s', (_, args, expected) => {
    expect(wrong(...args)).toEqual(expected);
    const result = compute(...args);
    expect(result).toMatchObject({
      ok: false,
      refusal: { kind: 'failed-precondition', reason: 'FEE_NOT_COMPUTED' },
    });
  });
});

const condition = fc.constantFrom(
  '',
  'channel == 2',
  'channel != 2',
  'data.floors > 5',
  'data.floors <= 5',
  'data.urgent',
);
const day = fc.constantFrom('', '2026-01-01', '2026-07-01', '2027-01-01');
const anyFee: fc.Arbitrary<Fee> = fc
  .record({
    rules: fc.array(
      fc.record({
        amountVnd: fc.bigInt(0n, 10n ** 12n),
        count: fc.constantFrom('', 'floors'),
        included: fc.nat(3),
        condition,
        firstDay: day,
        lastDay: day,
      }),
      { maxLength: 3 },
    ),
    reliefs: fc.array(
      fc.record({
        name: fc.constant('Giảm'),
        percent: fc.integer({ min: 1, max: 100 }),
        condition,
        firstDay: day,
        lastDay: day,
      }),
      { maxLength: 2 },
    ),
  })
  .map((fee) => part([{ key: 'phi', name: 'Phí', ...fee }]).fees[0] as Fee);
const anyDossier = fc.record({
  floors: fc.integer({ min: -2, max: 2_000_000 }),
  urgent: fc.boolean(),
  channel: fc.constantFrom(Channel.IN_PERSON, Channel.ONLINE),
  lodgedOn: fc.constantFrom('2025-06-01', '2026-01-01', '2026-07-02', '2027-05-05'),
});

describe('for every fee and dossier', () => {
  const of = (
    fee: Fee,
    {
      floors,
      urgent,
      channel,
      lodgedOn,
    }: { floors: number; urgent: boolean; channel: Channel; lodgedOn: string },
  ) => {
    const workflow = compiledOf(definition(sound, part([fee])));
    const known = facts({ floors: String(floors), urgent: String(urgent) }, { channel });
    const [node] = workflow.fees;
    const holding = (node?.rules ?? []).filter(({ of, condition }) => {
      const holds = condition?.evaluate(known);
      return (
        of.firstDay <= lodgedOn &&
        (of.lastDay === '' || lodgedOn <= of.lastDay) &&
        (holds === undefined || (holds.ok && holds.value))
      );
    });
    return { holding: holding.length, result: computeFees(workflow, undefined, known, lodgedOn) };
  };

  test('exactly one rule gives the amount, or it is refused', () => {
    fc.assert(
      fc.property(anyFee, anyDossier, (fee, dossier) => {
        const { holding, result } = of(fee, dossier);
        if (holding !== 1) expect(result.ok).toBe(false);
        const reasons = result.ok ? [] : (result.refusal.violations ?? []).map(({ reason }) => reason);
        expect(reasons.includes('FEE_RULE_MISSING')).toBe(holding === 0);
        expect(reasons.includes('FEE_RULE_AMBIGUOUS')).toBe(holding > 1);
      }),
    );
  });

  test('an amount is whole, not negative, and never more than without relief', () => {
    fc.assert(
      fc.property(anyFee, anyDossier, (fee, dossier) => {
        const { result } = of(fee, dossier);
        const full = of({ ...fee, reliefs: [] }, dossier).result;
        expect(full.ok).toBe(result.ok);
        if (!result.ok || !full.ok) return;
        const [amount, most] = [totalOf(result.value), totalOf(full.value)];
        expect(Number.isSafeInteger(amount)).toBe(true);
        expect(amount).toBeGreaterThanOrEqual(0);
        expect(amount).toBeLessThanOrEqual(most);
        expect(JSON.parse(JSON.stringify(result.value))).toEqual(result.value);
      }),
    );
  });
});

describe('the check', () => {
  const problems = (fees: object[], more: Partial<Definition> = {}) =>
    problemsOf(sound, { ...part(fees), ...more });
  const one = (rule: object) => [{ key: 'phi', name: 'Phí', rules: [rule] }];
  const at = 'fees[0].rules';

  test.each<[string, object[], string[]]>([
    ['sound fees', [copies, byKind], []],
    ['no rule', [{ key: 'phi', name: 'Phí' }], [`FEE_RULE_MISSING ${at}`]],
    ['a key twice', [copies, copies], ['KEY_DUPLICATE fees[1].key']],
    ['no name', one({}).map((fee) => ({ ...fee, name: '' })), ['NAME_MISSING fees[0].name']],
    ['a negative amount', one({ amountVnd: -1n }), [`FEE_AMOUNT_INVALID ${at}[0].amount_vnd`]],
    [
      'a count that is no integer field',
      one({ count: 'area_m2' }),
      [`FEE_COUNT_FIELD_INVALID ${at}[0].count`],
    ],
    ['a day that is none', one({ firstDay: '2026-02-30' }), [`DATE_INVALID ${at}[0].first_day`]],
    [
      'days the wrong way round',
      one({ firstDay: '2026-02-02', lastDay: '2026-02-01' }),
      [`PERIOD_INVALID ${at}[0].last_day`, `FEE_RULE_MISSING ${at}`],
    ],
    [
      'a condition that is none',
      one({ condition: 'data.khac > 1' }),
      [`DATA_FIELD_UNKNOWN ${at}[0].condition`],
    ],
    ['negative included units', one({ included: -1 }), [`COUNT_NEGATIVE ${at}[0].included`]],
    ['a day without a rule', one({ lastDay: '2026-12-31' }), [`FEE_RULE_MISSING ${at}`]],
    ['a channel without a rule', one({ condition: 'channel == 1' }), [`FEE_RULE_MISSING ${at}`]],
    [
      'two rules for everybody',
      [{ key: 'phi', name: 'Phí', rules: [{}, {}] }],
      [`FEE_RULE_AMBIGUOUS ${at}[1]`],
    ],
    [
      'a relief of 0 percent without a name',
      one({}).map((fee) => ({ ...fee, reliefs: [{ percent: 0 }] })),
      ['NAME_MISSING fees[0].reliefs[0].name', 'RELIEF_PERCENT_INVALID fees[0].reliefs[0].percent'],
    ],
  ])('%s', (_, fees, expected) => {
    expect([...new Set(problems(fees))]).toEqual(expected);
  });

  test('a fee of the way besides fees with rules', () => {
    const { ways } = Definition.fromPartial({ ways: [{ channel: Channel.IN_PERSON, feeVnd: 1n }] });
    expect(problems([copies], { ways })).toEqual(['FEE_TWICE ways[0].fee_vnd']);
  });
});
