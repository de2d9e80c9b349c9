import { DataType } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataField as field } from '../testing.ts';
import { fieldsOfPaths, fittingData, parseData } from './data.ts';

const choice = (value: string, ...onlyFor: string[]) => ({ value, label: value, onlyFor });
const fields = [
  field('land', DataType.CHOICE, { choices: [choice('farm'), choice('home')], required: true }),
  field('use', DataType.CHOICE, {
    choices: [choice('rice', 'farm'), choice('fruit', 'farm'), choice('urban', 'home'), choice('other')],
    dependsOn: 'land',
  }),
  field('plot', DataType.TEXT, { pattern: '[0-9]{1,4}/[A-Z]{2}', message: 'Số thửa ghi như 12/AB' }),
  field('price', DataType.MONEY, { maximum: '1000000000' }),
  field('area', DataType.NUMBER, { minimum: '0.5', message: 'Diện tích từ 0,5 m² trở lên' }),
  field('day', DataType.DATE, { minimum: '2025-01-01', maximum: '2025-12-31' }),
  field('owner', DataType.GROUP, {
    fields: [
      field('name', DataType.TEXT, { required: true }),
      field('paper', DataType.IDENTITY, { required: true }),
      field('use', DataType.CHOICE, {
        choices: [choice('sole', 'farm'), choice('joint')],
        dependsOn: 'land',
      }),
    ],
  }),
  field('household', DataType.GROUP, {
    maxRows: 3,
    minRows: 1,
    fields: [
      field('name', DataType.TEXT, { required: true }),
      field('identity', DataType.IDENTITY),
      field('income', DataType.MONEY),
    ],
  }),
];
const whole = { land: 'farm', 'household[0].name': 'Nguyễn Văn Mẫu' };
const read = (data: Record<string, string>, of = fields) => {
  const result = parseData(of, data);
  return result.ok ? result.value : (result.refusal.violations ?? []).map((one) => [one.field, one.reason]);
};

describe('data in groups and rows', () => {
  test('is kept by path, rows without gaps and without empty ones', () => {
    const data = {
      ...whole,
      'household[2].name': ' Trần Thị Mẫu '.normalize('NFD'),
      'household[1].name': ' ',
      'household[2].identity.kind': 'personal_number',
      'household[2].identity.number': '086190000001',
      'owner.name': '',
    };
    expect(read(data)).toEqual({
      ...whole,
      'household[1].name': 'Trần Thị Mẫu',
      'household[1].identity.kind': 'personal_number',
      'household[1].identity.number': '086190000001',
    });
  });

  test.each<[Record<string, string>, string, string]>([
    [{ land: 'sea' }, 'data.land', 'DATA_CHOICE_UNKNOWN'],
    [{ use: 'urban' }, 'data.use', 'DATA_CHOICE_NOT_ALLOWED'],
    [{ use: 'forest' }, 'data.use', 'DATA_CHOICE_UNKNOWN'],
    [{ land: 'home', use: 'rice' }, 'data.use', 'DATA_CHOICE_NOT_ALLOWED'],
    [{ plot: '12' }, 'data.plot', 'DATA_PATTERN_MISMATCH'],
    [{ plot: 'x12/AB' }, 'data.plot', 'DATA_PATTERN_MISMATCH'],
    [{ price: '-1' }, 'data.price', 'DATA_TOO_SMALL'],
    [{ price: '1000000001' }, 'data.price', 'DATA_TOO_LARGE'],
    [{ price: '75.000' }, 'data.price', 'DATA_NUMBER_AMBIGUOUS'],
    [{ price: '75000.5' }, 'data.price', 'DATA_NOT_INTEGER'],
    [{ area: '0.4' }, 'data.area', 'DATA_TOO_SMALL'],
    [{ day: '2026-01-01' }, 'data.day', 'DATA_TOO_LARGE'],
    [{ owner: 'Mẫu' }, 'data.owner', 'DATA_FIELD_UNKNOWN'],
    [{ 'owner[0].name': 'Mẫu' }, 'data.owner', 'DATA_FIELD_UNKNOWN'],
    [{ 'land.kind': 'x' }, 'data.land', 'DATA_FIELD_UNKNOWN'],
    [{ 'household.name': 'Mẫu' }, 'data.household', 'DATA_FIELD_UNKNOWN'],
    [{ 'household[1]': 'Mẫu' }, 'data.household[1]', 'DATA_FIELD_UNKNOWN'],
    [{ 'household[1].name': 'A', 'household[1].age': '3' }, 'data.household[1].age', 'DATA_FIELD_UNKNOWN'],
    [{ 'household[01].name': 'x' }, 'data.household[01].name', 'DATA_FIELD_UNKNOWN'],
    [{ '__proto__.name': 'x' }, 'data.__proto__', 'DATA_FIELD_UNKNOWN'],
    [{ ['a.'.repeat(200_000)]: 'x' }, `data.${'a.'.repeat(200_000)}`, 'DATA_FIELD_UNKNOWN'],
    [{ 'household[1].income': '5' }, 'data.household[1].name', 'DATA_MISSING'],
    [{ 'household[0].name': '' }, 'data.household', 'DATA_TOO_FEW_ROWS'],
  ])('%o is refused', (more, path, reason) => {
    expect(read({ ...whole, ...more })).toEqual([[path, reason]]);
  });

  test('an identity has the form of its kind', () => {
    const identity = (kind: string, number: string) => {
      const kept = read({
        ...whole,
        'household[0].identity.kind': kind,
        'household[0].identity.number': number,
      });
      return Array.isArray(kept) ? kept : 'kept';
    };
    const number = 'data.household[0].identity.number';
    expect(identity('personal_number', '086190000001')).toBe('kept');
    expect(identity('personal_number', '08619000000')).toEqual([[number, 'DATA_IDENTITY_INVALID']]);
    expect(identity('residence_card', 'LD-123456')).toBe('kept');
    expect(identity('passport', 'C1234567')).toBe('kept');
    expect(identity('passport', 'c1234567')).toEqual([[number, 'DATA_IDENTITY_INVALID']]);
    expect(identity('enterprise_number', '1500123456-001')).toBe('kept');
    expect(identity('enterprise_number', '150012345')).toEqual([[number, 'DATA_IDENTITY_INVALID']]);
    expect(identity('student', '1')).toEqual([['data.household[0].identity.kind', 'DATA_CHOICE_UNKNOWN']]);
    expect(identity('', '1')).toEqual([['data.household[0].identity.kind', 'DATA_MISSING']]);
  });

  test('too many rows are one violation, whatever is in them', () => {
    const rows = Object.fromEntries([0, 1, 2, 3].map((i) => [`household[${i}].age`, 'x']));
    expect(read({ land: 'farm', ...rows })).toEqual([['data.household', 'DATA_TOO_MANY_ROWS']]);
  });

  test('everything wrong is reported at once, each path once, in the words of the procedure', () => {
    const result = parseData(fields, {
      plot: '?',
      use: 'urban',
      'owner.paper.kind': 'personal_number',
      'owner.paper.number': '1',
      'household[2].income': '-5',
      'household[0].name': 'Mẫu',
    });
    expect(result).toMatchObject({ ok: false, refusal: { reason: 'DATA_INVALID' } });
    const found = result.ok ? [] : (result.refusal.violations ?? []);
    expect(found.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      'data.land DATA_MISSING',
      'data.use DATA_CHOICE_NOT_ALLOWED',
      'data.plot DATA_PATTERN_MISMATCH',
      'data.owner.name DATA_MISSING',
      'data.owner.paper.number DATA_IDENTITY_INVALID',
      'data.household[2].name DATA_MISSING',
      'data.household[2].income DATA_TOO_SMALL',
    ]);
    expect(found[1]?.description).toBe('must be one of other without land');
    expect(found[2]?.description).toBe('Số thửa ghi như 12/AB');
    expect(found[4]?.description).toContain('gồm 12 chữ số');
  });

  test('a choice depends on one around its group; what depends on a wrong one is not reported as well', () => {
    const owner = { 'owner.name': 'A', 'owner.paper.kind': 'passport', 'owner.paper.number': 'C1234567' };
    expect(read({ ...whole, ...owner, 'owner.use': 'sole' })).toMatchObject({ 'owner.use': 'sole' });
    expect(read({ ...whole, ...owner, land: 'home', 'owner.use': 'sole' })).toEqual([
      ['data.owner.use', 'DATA_CHOICE_NOT_ALLOWED'],
    ]);
    expect(read({ ...whole, ...owner, land: 'sea', use: 'rice', 'owner.use': 'sole' })).toEqual([
      ['data.land', 'DATA_CHOICE_UNKNOWN'],
    ]);
  });

  test('a pattern takes time in proportion to the text', () => {
    const hard = [field('code', DataType.TEXT, { pattern: '((a+)+)+b' })];
    expect(read({ code: 'a'.repeat(2000) }, hard)).toEqual([['data.code', 'DATA_PATTERN_MISMATCH']]);
  });
});

describe('a part of data', () => {
  test('fields that are not checked stay as they are, and still decide choices', () => {
    const before = { ...whole, plot: 'wrong', use: 'rice' };
    const keys = fieldsOfPaths(fields, ['household[0].name']);
    expect([...keys]).toEqual(['household']);
    expect(parseData(fields, before, { checked: keys })).toEqual({ ok: true, value: before });
    expect([...fieldsOfPaths(fields, ['land'])]).toEqual(['land', 'use', 'owner']);
    const changed = parseData(
      fields,
      { ...before, land: 'home' },
      { checked: fieldsOfPaths(fields, ['land']) },
    );
    expect(changed).toMatchObject({ refusal: { violations: [{ field: 'data.use' }] } });
  });

  test('what fits is kept, without what is wrong or of other fields', () => {
    const data = {
      land: 'farm',
      use: 'urban',
      other: 'x',
      'owner.name': 'A',
      'owner.age': '3',
      'household[0].income': 'nhiều',
      'household[1].income': '10',
    };
    expect(fittingData(fields, data)).toEqual({
      land: 'farm',
      'owner.name': 'A',
      'household[0].income': '10',
    });
  });
});

describe('for any data', () => {
  const key = fc.constantFrom(
    'land',
    'use',
    'plot',
    'price',
    'owner',
    'household',
    'name',
    'identity',
    'income',
    'kind',
    'number',
    'x',
  );
  const row = fc.constantFrom('', '[0]', '[1]', '[2]', '[7]', '[x]');
  const path = fc
    .array(
      fc.tuple(key, row).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join('.'));
  const text = fc.constantFrom(
    '',
    ' ',
    'farm',
    'home',
    'rice',
    'urban',
    '1/AB',
    '1.000',
    '-3',
    '12',
    'personal_number',
    '086190000001',
    'x\u0000',
  );
  const anyData = fc.dictionary(path, text, { maxKeys: 12 });

  test('it is kept whole or refused by its own paths, and what is kept is kept again as it is', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const result = parseData(fields, data);
        if (result.ok) {
          expect(parseData(fields, result.value)).toEqual(result);
          expect(Object.keys(result.value).length).toBe(
            Object.values(data).filter((one) => one.trim() !== '').length,
          );
          return;
        }
        const paths = (result.refusal.violations ?? []).map((one) => one.field);
        expect(paths.length).toBeGreaterThan(0);
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('what fits is a part of it that is accepted', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const fitting = fittingData(fields, data);
        expect(parseData(fields, fitting, { partial: true })).toEqual({ ok: true, value: fitting });
        const texts = Object.values(data).map((one) => one.trim());
        for (const one of Object.values(fitting)) expect(texts).toContain(one);
      }),
      { numRuns: 1_000 },
    );
  });
});
