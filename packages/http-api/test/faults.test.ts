import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { RefusalError } from '@lienthong/kit';
import { randomFrom } from '@lienthong/testkit';
import { expect, test } from 'vitest';
import { createCodec } from '../src/json/codec.ts';
import { readContracts } from '../src/routes.ts';

const { registry, routes } = readContracts(fileDescriptorSet());
const codec = createCodec(registry);
const typeOf = (path: string) => routes.get(path)?.method.input ?? expect.fail(`no ${path}`);
const issue = typeOf('/lienthong.routing.v1.DocumentRoutingService/IssueDocument');
const download = typeOf('/lienthong.routing.v1.AttachmentService/DownloadAttachment');

/** Each violation as "field reason". */
function faultsOf(type: typeof issue, text: string): string[] {
  try {
    codec.read(type, text);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    expect(error.refusal.reason).toBe('REQUEST_MALFORMED');
    return (error.refusal.violations ?? []).map(({ field, reason }) => `${field} ${reason}`);
  }
  return [];
}

test.each([
  ['{"subject":"x"}', []],
  ['{"request_id":"x"}', []],
  ['{"subjekt":"x"}', ['subjekt FIELD_UNKNOWN']],
  ['{"recipients":[{"agencyId":"a"},{"codee":1}]}', ['recipients[1].codee FIELD_UNKNOWN']],
  [
    '{"recipients":[{"code":{"code":5}}],"subject":true}',
    ['recipients[0].code.code FIELD_MALFORMED', 'subject FIELD_MALFORMED'],
  ],
  ['{"recipients":{"agencyId":"a"}}', ['recipients FIELD_MALFORMED']],
  ['{"urgency":"VERY"}', ['urgency FIELD_MALFORMED']],
  ['{"subject":"x","__proto__":{"a":1}}', ['__proto__ FIELD_UNKNOWN']],
  ['{"requestId":"a","request_id":"b"}', ['request_id FIELD_MALFORMED']],
  ['{"recipients":[{"agencyId":"a","code":{"code":"H61"}}]}', ['recipients[0].code FIELD_MALFORMED']],
  ['{"subject":"\\ud800"}', ['subject TEXT_MALFORMED']],
  ['{"subject":"\\ud83d\\ude00"}', []],
  ['[]', [' FIELD_MALFORMED']],
  ['null', [' FIELD_MALFORMED']],
  ['{"subject":', [' JSON_MALFORMED']],
  ['{"subject":"x"}}', [' JSON_MALFORMED']],
])('%s: %j', (text, faults) => {
  expect(faultsOf(issue, text)).toEqual(faults);
});

test.each([
  ['9007199254740991', []],
  ['"9007199254740993"', []],
  ['9007199254740992', ['offset NUMBER_INEXACT']],
  ['9007199254740993', ['offset NUMBER_INEXACT']],
  ['1e300', ['offset NUMBER_INEXACT']],
  ['1.5', ['offset FIELD_MALFORMED']],
  ['"9223372036854775808"', ['offset FIELD_MALFORMED']],
  ['"x"', ['offset FIELD_MALFORMED']],
])('an integer of 64 bits written %s: %j', (number, faults) => {
  expect(faultsOf(download, `{"offset":${number}}`)).toEqual(faults);
});

test('64-bit integers, enums and empty fields stand in replies', () => {
  const { method } = routes.get('/lienthong.routing.v1.AttachmentService/UploadAttachment') ?? expect.fail();
  // size_bytes = 2^53 + 1
  const bytes = Uint8Array.of(0x10, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
  expect(JSON.parse(codec.write(method.output, bytes))).toEqual({
    sha256: '',
    sizeBytes: '9007199254740993',
    alreadyStored: false,
  });
});

// FUZZ_SEED repeats a run, FUZZ_TEXTS makes it longer.
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const TEXTS = Number(process.env.FUZZ_TEXTS ?? 5_000);

test(`whatever the body is, it is read or refused with a place (FUZZ_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const types = [...routes.values()].map(({ method }) => method.input);
  const scraps = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    'null',
    'true',
    '-1',
    '1e400',
    '9007199254740993',
    '"\\ud800"',
    '"15s"',
    '"2025-07-01T00:00:00Z"',
    '"AA=="',
    '{"a":',
    '\u0000',
    '"__proto__"',
    '"constructor"',
    '[['.repeat(200),
    '{"toString":{}}',
  ];
  const value = (depth: number): string => {
    if (depth > 3 || random.chance(0.5)) return random.pick(scraps);
    if (random.chance(0.3))
      return `[${Array.from({ length: random.below(4) }, () => value(depth + 1)).join(',')}]`;
    return 'x';
  };
  for (let i = 0; i < TEXTS; i += 1) {
    const type = random.pick(types);
    const object = (of: typeof type, depth: number): string => {
      const parts = Array.from({ length: random.below(4) }, () => {
        if (of.fields.length === 0 || random.chance(0.1))
          return `${JSON.stringify(random.pick(scraps))}:${value(0)}`;
        const field = random.pick(of.fields);
        const inner =
          field.message && depth < 4 && random.chance(0.7) ? object(field.message, depth + 1) : value(0);
        const wrapped = field.fieldKind === 'list' && random.chance(0.7) ? `[${inner}]` : inner;
        return `"${random.chance(0.5) ? field.name : field.jsonName}":${wrapped}`;
      });
      return `{${parts.join(',')}}`;
    };
    const text = object(type, 0);
    for (const fault of faultsOf(type, text)) expect(fault, text).toMatch(/ [A-Z_]+$/);
  }
});
