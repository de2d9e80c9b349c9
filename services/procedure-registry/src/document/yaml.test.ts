import type { Definition } from '@lienthong/contracts/registry';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { anyDefinition } from '../../test/support/definitions.ts';
import { sampleFiles, sampleProcedures } from '../samples.ts';
import { normalise } from './normalise.ts';
import { readYaml } from './read-yaml.ts';
import { definitionJsonSchema } from './schema.ts';
import { toDocument } from './to-document.ts';
import { writeYaml } from './write-yaml.ts';

const read = (yaml: string) => {
  const result = readYaml(yaml);
  if (!result.ok) throw new Error(JSON.stringify(result.violations));
  return result.definitions.map((one) => one.definition);
};
const schema = new Ajv2020({ allErrors: true }).compile(JSON.parse(definitionJsonSchema()));

test('what is written is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(anyDefinition, { minLength: 1, maxLength: 3 }), (definitions) => {
      expect(read(writeYaml(definitions))).toEqual(definitions);
    }),
    { numRuns: 300 },
  );
});

test('readers of YAML 1.1, as most languages have them, read text as text', () => {
  const words = [
    'no',
    'Yes',
    'on',
    'off',
    'y',
    'N',
    '12:30',
    '1_000',
    '010',
    '0b11',
    '2026-01-31',
    '~',
    '.inf',
  ];
  const [sample] = sampleProcedures();
  const [document] = parseAllDocuments(writeYaml([{ ...sample, keywords: words } as Definition]), {
    version: '1.1',
  });
  expect(document?.toJS()).toMatchObject({ keywords: words });
});

test('what is written is what the published schema describes, and normalising changes nothing', () => {
  fc.assert(
    fc.property(anyDefinition, (one) => {
      expect(schema(toDocument(one)) || schema.errors).toBe(true);
      expect(normalise(one)).toEqual({ ok: true, definition: one });
    }),
    { numRuns: 200 },
  );
});

describe('the published schema and the parser agree on what is wrong', () => {
  const [good] = parseAllDocuments(sampleFiles().get('cap-giay-phep-xay-dung.yaml') ?? '');
  test.each<[string, (string | number)[], unknown]>([
    ['an unknown key', ['fees'], 1],
    ['an unknown key of a block', ['workflow', 'loop'], []],
    ['a second kind of block', ['workflow', 'step'], {}],
    ['a code that is a number', ['code'], 1.001193],
    ['a code of another form', ['code'], 'A.1'],
    ['an unknown tier', ['tiers', 0], 'village'],
    ['two durations in one', ['time_limit'], { days: 1, hours: 2 }],
    ['a quarter of a day', ['time_limit'], { days: 0.25 }],
    ['half a calendar day', ['time_limit'], { calendar_days: 1.5 }],
    ['no duration in one', ['time_limit'], {}],
    ['a negative fee', ['ways', 0, 'fee_vnd'], -1],
    ['half a đồng', ['ways', 0, 'fee_vnd'], 0.5],
    ['a performer without relation', ['executing_agency'], {}],
    ['an agency id that is none', ['executing_agency'], { agency_id: 'H61' }],
    ['a list that is a map', ['papers'], {}],
    ['an empty name', ['name'], ''],
    ['a control character', ['name'], 'a\u0007b'],
    ['a key with marks', ['results', 0, 'key'], 'giấy-phép'],
  ])('%s', (_, path, value) => {
    const document = good?.clone();
    document?.setIn(path, value);
    expect(schema(document?.toJS())).toBe(false);
    expect(readYaml(String(document)).ok).toBe(false);
  });

  test('and the sample is right', () => {
    expect(schema(good?.toJS())).toBe(true);
  });
});

const faults = (yaml: string) => {
  const result = readYaml(yaml);
  return result.ok
    ? []
    : result.violations.map(({ field, reason, description }) => [field, reason, description.split(':')[0]]);
};

describe('every fault is named by document, path and line', () => {
  test('of form', () => {
    const yaml = `code: 1.001193
name: Một
time_limit: {days: 1}
workflow:
  key: goc
  sequence:
    - key: lam
      step:
        name: Làm
        performer: {tier: commune}
        time_limit: {weeks: 1}
---
code: "1.000001"
name: [Hai]
fee: 3
`;
    expect(faults(yaml)).toEqual([
      ['yaml[0].code', 'TYPE_INVALID', 'line 1'],
      ['yaml[0].workflow.sequence[0].step.performer.tier', 'KEY_UNKNOWN', 'line 10'],
      ['yaml[0].workflow.sequence[0].step.performer', 'ONE_OF_REQUIRED', 'line 10'],
      ['yaml[0].workflow.sequence[0].step.time_limit.weeks', 'KEY_UNKNOWN', 'line 11'],
      ['yaml[0].workflow.sequence[0].step.time_limit', 'ONE_OF_REQUIRED', 'line 11'],
      ['yaml[1].name', 'TYPE_INVALID', 'line 14'],
      ['yaml[1].time_limit', 'FIELD_REQUIRED', 'line 13'],
      ['yaml[1].workflow', 'FIELD_REQUIRED', 'line 13'],
      ['yaml[1].fee', 'KEY_UNKNOWN', 'line 15'],
    ]);
  });

  test.each([
    ['an open bracket', 'a: [1\n', 'YAML_BAD_INDENT'],
    ['a key twice', 'code: a\ncode: b\n', 'YAML_DUPLICATE_KEY'],
    ['a tag', 'code: !!js/function x\n', 'YAML_TAG_RESOLVE_FAILED'],
    ['tabs for indentation', 'a:\n\tb: 1\n', 'YAML_TAB_AS_INDENT'],
  ])('of YAML itself: %s', (_, yaml, reason) => {
    expect(faults(yaml).map((one) => one[1])).toContain(reason);
    expect(faults(yaml)[0]?.[2]).toMatch(/^line \d$/);
  });
});

describe('hostile YAML is refused, and soon', () => {
  const bomb = Array.from(
    { length: 20 },
    (_, i) => `k${i}: &k${i} [${`*k${i - 1},`.repeat(i > 0 ? 9 : 0)}1]`,
  );
  test.each<[string, string, string, string]>([
    ['an alias bomb', bomb.join('\n'), 'yaml[0]', 'YAML_ALIAS'],
    ['one alias', 'a: &x 1\nb: *x\n', 'yaml[0]', 'YAML_ALIAS'],
    ['more than 1 MiB', '#'.repeat(1024 * 1024 + 1), 'yaml', 'YAML_TOO_LARGE'],
    ['brackets in one another', '['.repeat(500_000), 'yaml', 'YAML_TOO_DEEP'],
    ['dashes in one another', '- '.repeat(500_000), 'yaml', 'YAML_TOO_DEEP'],
    ['question marks in one another', '? '.repeat(500_000), 'yaml', 'YAML_TOO_DEEP'],
    [
      'a map of 90,000 keys',
      Array.from({ length: 90_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'yaml',
      'TOO_MANY',
    ],
    ['a list of 250,000', `sequence:\n${'- a\n'.repeat(250_000)}`, 'yaml', 'TOO_MANY'],
    ['201 documents', 'a: 1\n---\n'.repeat(201), 'yaml', 'TOO_MANY'],
    ['nothing', '', 'yaml', 'YAML_EMPTY'],
    ['only a comment', '# không có gì\n', 'yaml', 'YAML_EMPTY'],
    ['a word', 'xin chào', 'yaml[0]', 'TYPE_INVALID'],
    ['a prototype', '__proto__: {code: "1.000001"}\n', 'yaml[0].code', 'FIELD_REQUIRED'],
  ])(
    '%s',
    (_, yaml, field, reason) => {
      expect(faults(yaml).map((one) => one.slice(0, 2))).toContainEqual([field, reason]);
      // Without its bounds the reader takes minutes for some of these, or the whole stack.
    },
    30_000,
  );

  test('a workflow of too many steps', () => {
    const steps = Array.from({ length: 1500 }, (_, i) => ({ key: `b-${i}`, sequence: [] }));
    const yaml = `code: "1.000001"\nname: Dài\ntime_limit: {days: 1}\nworkflow: ${JSON.stringify({
      key: 'goc',
      sequence: [
        { key: 'a', sequence: steps.slice(0, 750) },
        { key: 'b', sequence: steps.slice(750) },
      ],
    })}\n`;
    expect(faults(yaml)).toEqual([['yaml[0].workflow', 'DEFINITION_TOO_LARGE', 'line 4']]);
  });
});

test('text in NFD is read as NFC', () => {
  const yaml = sampleFiles().get('dang-ky-khai-sinh.yaml') ?? '';
  const decomposed = yaml.normalize('NFD');
  expect(decomposed).not.toBe(yaml);
  expect(read(decomposed)).toEqual(read(yaml));
});
