import type { WorkingDuration } from '@lienthong/contracts/common';
import { Tier } from '@lienthong/contracts/directory';
import {
  ApplicantKind,
  type Block,
  Channel,
  type DataField,
  DataType,
  type Definition,
  Effect,
  Join,
  type Performer,
  ServiceLevel,
} from '@lienthong/contracts/registry';
import fc from 'fast-check';

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
  fc.nat(100).map((n) => ({ amount: { $case: 'halfDays' as const, value: 2 * n + 1 } })),
  fc.nat(300).map((value) => ({ amount: { $case: 'calendarDays' as const, value } })),
);
const tier = fc.constantFrom(Tier.MINISTRY, Tier.PROVINCE, Tier.DEPARTMENT, Tier.DISTRICT, Tier.COMMUNE);
const performer: fc.Arbitrary<Performer> = fc.oneof(
  fc.constant({ performer: { $case: 'intake' as const, value: {} } }),
  tier.map((value) => ({ performer: { $case: 'ancestor' as const, value } })),
  key.map((value) => ({ performer: { $case: 'function' as const, value } })),
  fc.constant({ performer: { $case: 'competent' as const, value: {} } }),
  tier.map((value) => ({ performer: { $case: 'competentAncestor' as const, value } })),
  key.map((value) => ({ performer: { $case: 'competentFunction' as const, value } })),
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

const dataKey = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,5}){0,2}$/);
const short = requiredText.map((one) => Array.from(one).slice(0, 10).join('').trim() || 'x');
const { anyDataField } = fc.letrec<{ anyDataField: DataField }>((tie) => ({
  anyDataField: fc.record({
    key: dataKey,
    label: requiredText,
    type: fc.constantFrom(...Object.values(DataType).filter((type) => type !== DataType.UNSPECIFIED)),
    required: fc.boolean(),
    message: text,
    pattern: text,
    minimum: short,
    maximum: short,
    choices: list(fc.record({ value: short, label: requiredText, onlyFor: list(short) })),
    dependsOn: fc.option(dataKey, { nil: '' }),
    fields: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'data' },
      fc.constant<DataField[]>([]),
      fc.array(tie('anyDataField'), { maxLength: 2 }),
    ),
    minRows: fc.nat(3),
    maxRows: fc.nat(30),
    inEvents: fc.boolean(),
  }),
}));

const day = fc.constantFrom('', '2025-01-01', '2027-02-28');
const applies = { condition: text, firstDay: day, lastDay: day, source: text };

/** Any definition that is well-formed and in its normal form, sound or not. */
export const anyDefinition: fc.Arbitrary<Definition> = fc.record({
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
      applicants: list(
        fc.constantFrom(
          ApplicantKind.CITIZEN,
          ApplicantKind.HOUSEHOLD,
          ApplicantKind.ORGANISATION,
          ApplicantKind.FOREIGN,
        ),
      ),
      cases: list(key),
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
      cases: list(key),
    }),
  ),
  applicants: list(requiredText),
  executingAgency: fc.option(performer, { nil: undefined }),
  decidingAgency: fc.option(performer, { nil: undefined }),
  intakePlace: text,
  authorisedAgency: fc.option(performer, { nil: undefined }),
  coordinatingAgencies: list(performer),
  results: list(fc.record({ key, name: requiredText, data: list(anyDataField, 2) })),
  legalBasis: list(requiredText),
  conditions: text,
  keywords: list(requiredText),
  timeLimit: duration,
  data: list(anyDataField),
  serviceLevel: fc.constantFrom(...Object.values(ServiceLevel)),
  serviceLevelReason: text,
  servedElsewhere: fc.constantFrom('', 'https://dichvucong.bca.gov.vn/cu-tru?ma=1'),
  workflow: block.map((root) => ({ root })),
  sample: fc.boolean(),
  cases: list(
    fc.record({
      key,
      name: requiredText,
      condition: text,
      timeLimit: fc.option(duration, { nil: undefined }),
    }),
  ),
  fees: list(
    fc.record({
      key,
      name: requiredText,
      rules: list(
        fc.record({
          name: text,
          amountVnd: fc.bigInt(0n, 10n ** 12n),
          count: fc.constantFrom('', 'so_ban'),
          unit: text,
          included: fc.nat(9),
          ...applies,
        }),
      ),
      reliefs: list(fc.record({ name: requiredText, percent: fc.integer({ min: 1, max: 100 }), ...applies })),
    }),
  ),
});
