import { Tier } from '@lienthong/contracts/directory';
import type { TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { byCode, byId } from './support/build.ts';
import { DAY, type SampleRegister, sampleRegister } from './support/sample-register.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let r: SampleRegister;
beforeAll(async () => {
  directory = await openWorld();
  r = await sampleRegister(directory.admin);
});
afterAll(() => directory.stop());

const morning = { day: 1, opens: '07:00', closes: '11:00' };

type Case = [what: string, violation: string, call: () => Promise<unknown>];

const cases: Case[] = [
  ['a request_id that is no UUID', 'request_id UUID_INVALID', () => r.establish({}, { requestId: 'x' })],
  ['no part', 'part INVALID_TYPE', () => directory.admin.directory.renameAgency({ effectiveOn: DAY })],
  ['a day that does not exist', 'effective_on DATE_INVALID', () => r.end(r.top.id, '2025-02-30')],
  ['a date with a time', 'effective_on DATE_INVALID', () => r.end(r.top.id, '2025-02-28T00:00:00Z')],
  ['no effective date', 'effective_on DATE_INVALID', () => r.end(r.top.id, '')],
  ['a name too long', 'part.name FIELD_TOO_LONG', () => r.establish({ name: 'ă'.repeat(201) })],
  ['no name', 'part.name FIELD_REQUIRED', () => r.establish({ name: '  ' })],
  ['a kind too long', 'part.kind FIELD_TOO_LONG', () => r.establish({ kind: 'x'.repeat(51) })],
  [
    'a legal basis too long',
    'legal_basis FIELD_TOO_LONG',
    () => r.establish({}, { legalBasis: 'x'.repeat(501) }),
  ],
  ['no tier', 'part.tier FIELD_REQUIRED', () => r.establish({ tier: Tier.UNSPECIFIED })],
  ['a tier unknown', 'part.tier ENUM_INVALID', () => r.establish({ tier: 9 })],
  ['no code', 'part.codes TOO_SMALL', () => r.establish({ codes: [] })],
  [
    'a code out of grammar',
    'part.codes[0].code CODE_INVALID',
    () => r.establish({ codes: [{ code: 'h61' }] }),
  ],
  [
    'a code of no province',
    'part.codes[0].code CODE_INVALID',
    () => r.establish({ codes: [{ code: 'Z61' }] }),
  ],
  [
    'a code too long',
    'part.codes[0].code CODE_INVALID',
    () => r.establish({ codes: [{ code: `H61.${'1'.repeat(32)}` }] }),
  ],
  [
    'a code under the wrong scheme',
    'part.codes[0].code CODE_INVALID',
    () => r.establish({ codes: [{ scheme: 'TT10', code: 'H61.1' }] }),
  ],
  [
    'a scheme unknown',
    'part.codes[0].scheme SCHEME_UNKNOWN',
    () => r.establish({ codes: [{ scheme: 'constructor', code: '1' }] }),
  ],
  [
    'two codes of a scheme at once',
    'part.codes[1].code OVERLAPPING_VALIDITY',
    () => r.establish({ codes: [{ code: 'H61.1' }, { scheme: 'QD20', code: 'H61.2' }] }),
  ],
  [
    'a function twice',
    'part.functions[1] FUNCTION_TWICE',
    () => r.establish({ functions: ['land', 'land'] }),
  ],
  [
    'a function out of grammar',
    'part.functions[0] FUNCTION_INVALID',
    () => r.establish({ functions: ['Đất'] }),
  ],
  [
    'office hours that meet',
    'part.office_hours[1] OVERLAPPING_VALIDITY',
    () => r.establish({ officeHours: [morning, { ...morning, opens: '10:59', closes: '12:00' }] }),
  ],
  [
    'office hours that end before they begin',
    'part.office_hours[0].closes END_BEFORE_START',
    () => r.establish({ officeHours: [{ day: 1, opens: '11:00', closes: '07:00' }] }),
  ],
  ['an empty reference', 'part.parent FIELD_REQUIRED', () => r.establish({ parent: {} })],
  ['an id that is no UUID', 'part.parent UUID_INVALID', () => r.establish({ parent: byId('x') })],
  [
    'a reference by a code out of grammar',
    'part.parent CODE_INVALID',
    () => r.establish({ parent: byCode('x') }),
  ],
  ['an update of nothing', 'part FIELD_REQUIRED', () => r.update(r.top, {})],
  [
    'a function added and ended',
    'part.functions_ended[0] FUNCTION_TWICE',
    () => r.update(r.top, { functionsAdded: ['tax'], functionsEnded: ['tax'] }),
  ],
  [
    'a split without a main successor',
    'part.successors MAIN_SUCCESSOR',
    () => r.split(r.other, { agency: byId(r.top.id) }, { agency: byId(r.low.id) }),
  ],
  [
    'a split into one',
    'part.successors TOO_SMALL',
    () => r.split(r.other, { agency: byId(r.top.id), main: true }),
  ],
  ['no parts', 'parts TOO_SMALL', () => r.reorganise()],
  [
    'parts too many',
    'parts TOO_MANY',
    () =>
      directory.admin.directory.reorganise({
        effectiveOn: DAY,
        parts: Array(5001).fill({ part: { $case: 'end', value: { agency: byId(r.top.id) } } }),
      }),
  ],
  [
    'an empty part',
    'parts[0] FIELD_REQUIRED',
    () => directory.admin.directory.reorganise({ effectiveOn: DAY, parts: [{}] }),
  ],
];

describe('refused as INVALID_ARGUMENT, with the field named:', () => {
  test.each(cases)('%s', (_, violation, call) => r.expectRefused(call, 'INVALID_ARGUMENT', violation));

  test('everything wrong with a request at once', () =>
    r.expectRefused(
      () =>
        directory.admin.directory.reorganise({
          requestId: 'x',
          effectiveOn: '2025-13-01',
          parts: [
            { part: { $case: 'end', value: { agency: byId('x') } } },
            { part: { $case: 'merge', value: { predecessors: [byId(r.top.id), {}] } } },
          ],
        }),
      'INVALID_ARGUMENT',
      'request_id UUID_INVALID',
      'effective_on DATE_INVALID',
      'parts[0].end.agency UUID_INVALID',
      'parts[1].merge.predecessors[1] FIELD_REQUIRED',
      'parts[1].merge.successor FIELD_REQUIRED',
    ));
});
