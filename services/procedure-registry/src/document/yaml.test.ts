import type { WorkingDuration } from '@lienthong/contracts/common';
import { Tier } from '@lienthong/contracts/directory';
import {
  type Block,
  Channel,
  DataType,
  type Definition,
  Effect,
  Join,
  type Performer,
} from '@lienthong/contracts/registry';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { sampleFiles } from '../samples.ts';
import { normalise } from './normalise.ts';
import { readYaml } from './read-yaml.ts';
import { definitionJsonSchema } from './schema.ts';
import { toDocument } from './to-document.ts';
import { writeYaml } from './write-yaml.ts';

/** Text as people write it and as YAML trips over it. */
const awkward = fc.constantFrom(
  '- a',
  'a: b',
  '---',
  '# c',
  "'",
  '"',
  '1.0',
  'true',
  'null',
  '{x}',
  '&a *a',
  '!t',
  '|',
  '%',
);
const text = fc
  .oneof(
    awkward,
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('Đất đai', 'dòng 1\n dòng 2'),
  )
  .map((one) =>
    one
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, (c) => (c === '\n' ? c : ''))
      .normalize('NFC')
      .trim(),
  );
const requiredText = text.map((one) => one || 'x');
const key = fc.stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}$/);
const code = fc.stringMatching(/^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})?$/);
const duration: fc.Arbitrary<WorkingDuration> = fc.oneof(
  fc.nat(300).map((value) => ({ amount: { $case: 'days' as const, value } })),
  fc.nat(3000).map((value) => ({ amount: { $case: 'minutes' as const, value } })),
);
const tier = fc.constantFrom(Tier.MINISTRY, Tier.PROVINCE, Tier.DEPARTMENT, Tier.DISTRICT, Tier.COMMUNE);
const performer: fc.Arbitrary<Performer> = fc.oneof(
  fc.constant({ performer: { $case: 'intake' as const, value: {} } }),
  tier.map((value) => ({ performer: { $case: 'ancestor' as const, value } })),
  key.map((value) => ({ performer: { $case: 'function' as const, value } })),
  fc.uuid().map((value) => ({ performer: { $case: 'agencyId' as const, value } })),
);
const list = <T>(of: fc.Arbitrary<T>, maxLength = 3) => fc.array(of, { maxLength });

const leaf: fc.Arbitrary<Block['block']> = fc.oneof(
  fc
    .record({
      name: requiredText,
      performer,
      timeLimit: duration,
      outcomes: list(
        fc.record({
          key,
          name: requiredText,
          effect: fc.constantFrom(Effect.CONTINUE, Effect.FINISH, Effect.REFUSE),
        }),
      ),
      returns: list(fc.record({ to: key, atMost: fc.nat(10) })),
      produces: list(key),
    })
    .map((value) => ({ $case: 'step' as const, value })),
  fc
    .record({
      name: requiredText,
      lead: performer,
      consulted: list(performer),
      timeLimit: duration,
      question: text,
    })
    .map((value) => ({ $case: 'consultation' as const, value })),
  fc
    .record({ name: requiredText, to: performer, timeLimit: duration, result: fc.boolean() })
    .map((value) => ({ $case: 'handOver' as const, value })),
  fc
    .record({ name: requiredText, procedureCode: code, intake: performer })
    .map((value) => ({ $case: 'subProcedure' as const, value })),
);
const { block } = fc.letrec<{ block: Block }>((tie) => {
  const inner = tie('block');
  const composite: fc.Arbitrary<Block['block']> = fc.oneof(
    list(inner).map((blocks) => ({ $case: 'sequence' as const, value: { blocks } })),
    fc
      .record({
        branches: list(fc.record({ block: inner, lead: fc.boolean() })),
        join: fc.constantFrom(Join.ALL, Join.LEAD, Join.FIRST),
      })
      .map((value) => ({ $case: 'parallel' as const, value })),
    fc
      .record({
        cases: list(fc.record({ condition: requiredText, block: inner })),
        otherwise: fc.option(inner, { nil: undefined }),
      })
      .map((value) => ({ $case: 'choice' as const, value })),
  );
  return {
    block: fc.record({ key, block: fc.oneof({ maxDepth: 4, depthIdentifier: 'block' }, leaf, composite) }),
  };
});

const definition: fc.Arbitrary<Definition> = fc.record({
  code,
  name: requiredText,
  tiers: list(tier),
  kind: text,
  field: text,
  sequence: list(requiredText),
  ways: list(
    fc.record({
      channel: fc.constantFrom(Channel.IN_PERSON, Channel.ONLINE, Channel.POST),
      timeLimit: fc.option(duration, { nil: undefined }),
      feeVnd: fc.bigInt(0n, 10n ** 12n),
      note: text,
    }),
  ),
  papers: list(
    fc.record({
      key,
      name: requiredText,
      form: text,
      originals: fc.nat(9),
      copies: fc.nat(9),
      mandatory: fc.boolean(),
      condition: text,
    }),
  ),
  applicants: list(requiredText),
  executingAgency: fc.option(performer, { nil: undefined }),
  decidingAgency: fc.option(performer, { nil: undefined }),
  intakePlace: text,
  authorisedAgency: fc.option(performer, { nil: undefined }),
  coordinatingAgencies: list(performer),
  results: list(fc.record({ key, name: requiredText })),
  legalBasis: list(requiredText),
  conditions: text,
  keywords: list(requiredText),
  timeLimit: duration,
  data: list(
    fc.record({
      key: fc.stringMatching(/^[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,5}){0,2}$/),
      label: requiredText,
      type: fc.constantFrom(
        DataType.TEXT,
        DataType.INTEGER,
        DataType.NUMBER,
        DataType.BOOLEAN,
        DataType.DATE,
      ),
      required: fc.boolean(),
    }),
  ),
  workflow: block.map((root) => ({ root })),
  sample: fc.boolean(),
});

const read = (yaml: string) => {
  const result = readYaml(yaml);
  if (!result.ok) throw new Error(JSON.stringify(result.violations));
  return result.definitions.map((one) => one.definition);
};
const schema = new Ajv2020({ allErrors: true }).compile(JSON.parse(definitionJsonSchema()));

test('what is written is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(definition, { minLength: 1, maxLength: 3 }), (definitions) => {
      expect(read(writeYaml(definitions))).toEqual(definitions);
    }),
    { numRuns: 300 },
  );
});

test('what is written is what the published schema describes, and normalising changes nothing', () => {
  fc.assert(
    fc.property(definition, (one) => {
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
