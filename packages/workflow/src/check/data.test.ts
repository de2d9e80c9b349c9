import { Channel, type DataField, DataType, ServiceLevel, Way } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../limits.ts';
import { definition, dataField as field } from '../testing.ts';
import { checkDefinition } from './check.ts';
import { problemsOf, sound } from './testing.ts';

const named = (value: string, ...onlyFor: string[]) => ({ value, label: value, onlyFor });
const text = (more: Partial<DataField>) => field('a', DataType.TEXT, more);
const money = (more: Partial<DataField>) => field('a', DataType.MONEY, more);
const choice = (key: string, more: Partial<DataField> = {}) =>
  field(key, DataType.CHOICE, { choices: [named('x'), named('y')], ...more });
const group = (...fields: DataField[]) => field('g', DataType.GROUP, { fields });
const deep = (levels: number): DataField =>
  levels === 0 ? field('a', DataType.TEXT) : field('g', DataType.GROUP, { fields: [deep(levels - 1)] });

describe('data fields', () => {
  test.each<[DataField[], string[]]>([
    [[choice('a'), choice('b', { dependsOn: 'a', choices: [named('z', 'x')] })], []],
    [[choice('a'), group(choice('b', { dependsOn: 'a', choices: [named('z', 'y')] }))], []],
    [[deep(LIMITS.dataDepth - 1)], []],
    [[deep(LIMITS.dataDepth)], ['DEFINITION_TOO_LARGE data']],
    [
      [group(...Array.from({ length: 200 }, (_, i) => field(`f${i}`, DataType.TEXT)))],
      ['DEFINITION_TOO_LARGE data'],
    ],
    [[text({ pattern: '(' })], ['PATTERN_INVALID data[0].pattern']],
    [[text({ pattern: '(?=a)' })], ['PATTERN_INVALID data[0].pattern']],
    [[text({ pattern: 'a{400}' })], ['PATTERN_INVALID data[0].pattern']],
    [[text({ pattern: 'a'.repeat(201) })], ['PATTERN_INVALID data[0].pattern']],
    [[group(text({ pattern: '[' }))], ['PATTERN_INVALID data[0].fields[0].pattern']],
    [[group(text({ inEvents: true }))], ['OPTION_NOT_ALLOWED data[0].fields[0].in_events']],
    [[money({ pattern: 'a' })], ['OPTION_NOT_ALLOWED data[0].pattern']],
    [[text({ minimum: '1' })], ['OPTION_NOT_ALLOWED data[0].minimum']],
    [[text({ choices: [named('x')] })], ['OPTION_NOT_ALLOWED data[0].choices']],
    [[text({ fields: [field('b', DataType.TEXT)] })], ['OPTION_NOT_ALLOWED data[0].fields']],
    [[text({ maxRows: 2 })], ['OPTION_NOT_ALLOWED data[0].max_rows']],
    [[money({ minimum: '1.000' })], ['BOUND_INVALID data[0].minimum']],
    [[money({ minimum: '9', maximum: '8' })], ['BOUND_INVALID data[0].maximum']],
    [[field('a', DataType.DATE, { maximum: '2025-02-30' })], ['BOUND_INVALID data[0].maximum']],
    [
      [money({ pattern: '(', minimum: '1' })],
      ['OPTION_NOT_ALLOWED data[0].pattern', 'PATTERN_INVALID data[0].pattern'],
    ],
    [[choice('a', { choices: [] })], ['CHOICES_MISSING data[0].choices']],
    [[choice('a', { choices: [named('x'), named('x')] })], ['CHOICE_DUPLICATE data[0].choices[1].value']],
    [[choice('a', { choices: [{ ...named('x'), label: '' }] })], ['NAME_MISSING data[0].choices[0].label']],
    [[choice('a', { choices: [named('x', 'y')] })], ['CHOICE_FOR_UNKNOWN data[0].choices[0].only_for[0]']],
    [
      [choice('a'), choice('b', { dependsOn: 'a', choices: [named('z', 'n')] })],
      ['CHOICE_FOR_UNKNOWN data[1].choices[0].only_for[0]'],
    ],
    [[choice('a', { dependsOn: 'a' })], ['DEPENDS_ON_UNKNOWN data[0].depends_on']],
    [[choice('b', { dependsOn: 'a' }), choice('a')], ['DEPENDS_ON_UNKNOWN data[0].depends_on']],
    [[text({}), choice('b', { dependsOn: 'a' })], ['DEPENDS_ON_UNKNOWN data[1].depends_on']],
    [[group()], ['FIELDS_MISSING data[0].fields']],
    [[{ ...group(text({})), minRows: 2, maxRows: 1 }], ['ROWS_INVALID data[0].max_rows']],
    [[{ ...group(text({})), maxRows: 101 }], ['ROWS_INVALID data[0].max_rows']],
    [
      [group(text({}), text({ type: 0 }))],
      ['KEY_DUPLICATE data[0].fields[1].key', 'DATA_TYPE_INVALID data[0].fields[1].type'],
    ],
  ])('%#', (data, expected) => {
    expect(problemsOf(sound, { data })).toEqual(expected);
  });

  test('whatever they say, the check answers', () => {
    const { any } = fc.letrec<{ any: DataField }>((tie) => ({
      any: fc
        .record({
          key: fc.constantFrom('a', 'b', ''),
          type: fc.constantFrom(...Object.values(DataType)),
          pattern: fc.string(),
          minimum: fc.string(),
          maximum: fc.string(),
          dependsOn: fc.constantFrom('', 'a', 'b'),
          fields: fc.oneof(
            { maxDepth: 4, depthIdentifier: 'data' },
            fc.constant<DataField[]>([]),
            fc.array(tie('any'), { maxLength: 2 }),
          ),
          choices: fc.array(
            fc.record({ value: fc.string(), label: fc.string(), onlyFor: fc.array(fc.string()) }),
            { maxLength: 2 },
          ),
          minRows: fc.integer({ min: -2, max: 200 }),
          maxRows: fc.integer({ min: -2, max: 200 }),
        })
        .map((one) => field(one.key, one.type, one)),
    }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 3 }), (data) => {
        for (const { place } of checkDefinition(definition(sound, { data }))) expect(place).not.toBe('');
      }),
    );
  });
});

test.each<[DataField[], string[]]>([
  [[text({ inEvents: true }), group(money({ key: 'b' }))], []],
  [[field('a', DataType.FILE)], ['DATA_TYPE_INVALID results[0].data[0].type']],
  [[group(field('a', DataType.FILE))], ['DATA_TYPE_INVALID results[0].data[0].fields[0].type']],
  [[text({ pattern: '(' })], ['PATTERN_INVALID results[0].data[0].pattern']],
  [[text({ key: 'In' })], ['KEY_INVALID results[0].data[0].key']],
  [[deep(LIMITS.dataDepth)], ['DEFINITION_TOO_LARGE results[0].data']],
])('data of a result %#', (data, expected) => {
  expect(problemsOf(sound, { results: [{ key: 'giay-phep', name: 'Giấy phép', data }] })).toEqual(expected);
});

test.each<[ServiceLevel, string, boolean, string[]]>([
  [ServiceLevel.UNSPECIFIED, '', false, []],
  [ServiceLevel.FULL, '', true, []],
  [ServiceLevel.PARTIAL, 'Phải đối chiếu bản chính', true, []],
  [ServiceLevel.FULL, '', false, ['SERVICE_LEVEL_NOT_ONLINE service_level']],
  [ServiceLevel.PARTIAL, ' ', true, ['SERVICE_LEVEL_REASON_MISSING service_level_reason']],
  [ServiceLevel.FULL, 'x', true, ['SERVICE_LEVEL_REASON_UNUSED service_level_reason']],
  [9 as ServiceLevel, '', true, ['SERVICE_LEVEL_INVALID service_level']],
])('service level %i', (serviceLevel, serviceLevelReason, online, expected) => {
  const way = Way.fromPartial({ channel: Channel.ONLINE });
  const { ways } = definition(sound);
  const more = { serviceLevel, serviceLevelReason, ways: online ? [...ways, way] : ways };
  expect(problemsOf(sound, more)).toEqual(expected);
});
