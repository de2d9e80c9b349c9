import { DataType } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import { facts, dataField as field } from '../testing.ts';
import { type Condition, conditionCompiler, type PartialFacts } from './condition.ts';

const compile = conditionCompiler([
  field('area_m2', DataType.NUMBER),
  field('floors', DataType.INTEGER),
  field('kind', DataType.TEXT),
  field('urgent', DataType.BOOLEAN),
  field('due', DataType.DATE),
  field('fee', DataType.MONEY),
  field('land', DataType.CHOICE, { choices: [{ value: 'odt', label: 'Đất ở', onlyFor: [] }] }),
  field('owner', DataType.GROUP, {
    fields: [field('name', DataType.TEXT), field('paper', DataType.IDENTITY)],
  }),
  field('household', DataType.GROUP, { fields: [field('name', DataType.TEXT)], maxRows: 20 }),
]);

function compiled(text: string): Condition {
  const result = compile(text);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}
const evaluate = (text: string, data: Record<string, string>, more = {}) => {
  const result = compiled(text).evaluate(facts(data, more));
  return result.ok ? result.value : result.refusal.reason;
};
const reasonOf = (text: string) => {
  const result = compile(text);
  return result.ok ? 'accepted' : result.refusal.reason;
};

describe('evaluation', () => {
  test.each<[string, Record<string, string>, boolean | string]>([
    ['data.area_m2 > 500.0', { area_m2: '500.1' }, true],
    ['data.area_m2 > 500', { area_m2: '500' }, false],
    ['data.floors >= 7', { floors: '7' }, true],
    ['data.floors + 1 == 8', { floors: '7' }, true],
    ['data.floors == 9007199254740993', { floors: '9007199254740993' }, true],
    ['data.urgent', { urgent: 'true' }, true],
    ['!data.urgent', { urgent: 'true' }, false],
    ['data.due < "2026-02-16"', { due: '2026-01-30' }, true],
    ['data.kind in ["nhà ở", "nhà xưởng"]', { kind: 'nhà xưởng' }, true],
    ['data.kind.startsWith("nhà")', { kind: 'nhà ở' }, true],
    ['size(data.kind) == 5', { kind: 'nhà ở' }, true],
    ['data.urgent ? data.floors > 1 : data.floors > 5', { urgent: 'false', floors: '3' }, false],
    ['channel == 1 && intake_tier == "commune"', {}, true],
    // What is missing decides nothing, unless the rest decides.
    ['data.urgent', {}, 'CONDITION_FAILED'],
    ['data.urgent', { urgent: ' ' }, 'CONDITION_FAILED'],
    ['data.urgent', { urgent: 'có' }, 'CONDITION_FAILED'],
    ['data.urgent || channel == 1', {}, true],
    ['data.urgent && channel == 2', {}, false],
    ['has(data.urgent) && data.urgent', {}, false],
    ['data.fee >= 75000', { fee: '75000' }, true],
    ['data.land == "odt"', { land: 'odt' }, true],
    ['data.owner.name == "Mẫu"', { 'owner.name': 'Mẫu' }, true],
    ['data.owner.paper.kind == "passport"', { 'owner.paper.kind': 'passport' }, true],
    ['data.owner.name == "Mẫu"', {}, 'CONDITION_FAILED'],
    ['has(data.owner.paper.number)', {}, false],
    ['has(data.owner.name)', { 'owner.name': 'Mẫu' }, true],
    ['size(data.household) > 1', { 'household[0].name': 'A', 'household[1].name': 'B' }, true],
    ['data.household.size() == 0', {}, true],
    ['size(data.owner.name) == 3', { 'owner.name': 'Mẫu' }, true],
    ['has(data.urgent) && data.urgent', { urgent: 'true' }, true],
    ['data.floors / 0 == 1', { floors: '1' }, 'CONDITION_FAILED'],
    ['data.floors * 9223372036854775807 > 1', { floors: '2' }, 'CONDITION_FAILED'],
    ['int(data.kind) > 1', { kind: 'mười' }, 'CONDITION_FAILED'],
  ])('%s of %o is %s', (text, data, expected) => {
    expect(evaluate(text, data)).toBe(expected);
  });

  test('the same in both Unicode forms', () => {
    const [nfc, nfd] = ['Đất ở đô thị'.normalize('NFC'), 'Đất ở đô thị'.normalize('NFD')];
    for (const [written, stated] of [
      [nfc, nfd],
      [nfd, nfc],
    ]) {
      expect(evaluate(`data.kind == "${written}"`, { kind: stated ?? '' })).toBe(true);
    }
  });

  test('a refusal says what is missing', () => {
    const result = compiled('data.floors > 3').evaluate(facts());
    expect(result.ok ? '' : result.refusal.message).toBe(
      'the condition data.floors > 3 cannot be decided: No such key: floors',
    );
  });
});

describe('what is no condition', () => {
  test.each([
    ['', 'CONDITION_MISSING'],
    ['   ', 'CONDITION_MISSING'],
    ['data.floors >', 'CONDITION_INVALID'],
    ['data.floors > "ba"', 'CONDITION_INVALID'],
    ['floors > 3', 'CONDITION_INVALID'],
    ['data.floor > 3', 'DATA_FIELD_UNKNOWN'],
    ['data.floors', 'CONDITION_NOT_BOOLEAN'],
    ['"yes"', 'CONDITION_NOT_BOOLEAN'],
    ['data.urgent ? 1 : 2', 'CONDITION_NOT_BOOLEAN'],
    ['data == data', 'CONDITION_NOT_ALLOWED'],
    ['data["urgent"]', 'CONDITION_NOT_ALLOWED'],
    ['has(channel)', 'CONDITION_NOT_ALLOWED'],
    ['data.owner == data.owner', 'CONDITION_NOT_ALLOWED'],
    ['size(data.owner) > 1', 'CONDITION_NOT_ALLOWED'],
    ['has(data.household)', 'CONDITION_NOT_ALLOWED'],
    ['data.household[0].name == "A"', 'CONDITION_NOT_ALLOWED'],
    ['data.household.name == "A"', 'DATA_FIELD_UNKNOWN'],
    ['"A" in data.household', 'CONDITION_NOT_ALLOWED'],
    ['data.owner.nick == "A"', 'DATA_FIELD_UNKNOWN'],
    ['channel.owner.name == "A"', 'CONDITION_NOT_ALLOWED'],
    ['data.kind.matches("(a+)+$")', 'CONDITION_NOT_ALLOWED'],
    ['[1, 2].exists(x, [1, 2].all(y, x > y))', 'CONDITION_NOT_ALLOWED'],
    ['timestamp(data.due) > timestamp("2026-01-01T00:00:00Z")', 'CONDITION_NOT_ALLOWED'],
    ['dyn(data.urgent)', 'CONDITION_NOT_ALLOWED'],
    ['{"a": true}.a', 'CONDITION_NOT_ALLOWED'],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, 'CONDITION_INVALID'],
    [Array.from({ length: 99 }, () => '1 == 1').join(' && '), 'CONDITION_INVALID'],
    ['a'.repeat(1001), 'CONDITION_TOO_LONG'],
    ['constructor', 'CONDITION_INVALID'],
    ['data.constructor == "x"', 'DATA_FIELD_UNKNOWN'],
  ])('%s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });
});

describe('what is decided beforehand', () => {
  test.each<[string, PartialFacts, boolean | undefined]>([
    ['true', {}, true],
    ['1 > 2', {}, false],
    ['channel == 2', {}, undefined],
    ['channel == 2', { channel: 1 }, false],
    ['intake_tier == "commune" && data.urgent', { intakeTier: 'district' }, false],
    ['intake_tier == "commune" && data.urgent', { intakeTier: 'commune' }, undefined],
    ['intake_tier == "commune" || data.urgent', { intakeTier: 'commune' }, true],
    ['!has(data.urgent)', {}, undefined],
    ['!has(data.urgent)', { data: {} }, true],
    ['size(data.household) == 0', {}, undefined],
    ['size(data.household) == 0', { data: {} }, true],
    ['data.owner.name == "A"', {}, undefined],
  ])('%s with %o is %s', (text, known, expected) => {
    expect(compiled(text).decide(known)).toBe(expected);
  });
});
