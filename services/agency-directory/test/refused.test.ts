import { Tier } from '@lienthong/contracts/directory';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byCode, byId, byKey, codeOf, freshCode } from './support/build.ts';
import { DAY, NOBODY, type SampleRegister, sampleRegister } from './support/sample-register.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let r: SampleRegister;
beforeAll(async () => {
  directory = await openWorld();
  r = await sampleRegister(directory.admin);
});
afterAll(() => directory.stop());

type Case = [what: string, code: string, violation: string, call: () => Promise<unknown>];

const commands: Case[] = [
  ['an unknown agency', 'NOT_FOUND', 'part.agency UNKNOWN_AGENCY', () => r.end(NOBODY)],
  ['an unknown code', 'NOT_FOUND', 'part.parent UNKNOWN_CODE', () => r.establish({ parent: byCode('Y99') })],
  [
    'a code not valid at the date',
    'NOT_FOUND',
    'part.parent CODE_NOT_VALID_AT_DATE',
    () => r.establish({ parent: byCode(codeOf(r.gone)) }, { effectiveOn: DAY }),
  ],
  [
    'an unknown key',
    'INVALID_ARGUMENT',
    'parts[0].end.agency UNKNOWN_KEY',
    () => r.reorganise({ $case: 'end', value: { agency: byKey('k') } }),
  ],
  [
    'a code another agency has',
    'ALREADY_EXISTS',
    'part.codes[0].code CODE_TAKEN',
    () => r.establish({ codes: [{ code: codeOf(r.other) }] }),
  ],
  [
    'a code another agency will have',
    'ALREADY_EXISTS',
    'part.codes[0].code CODE_TAKEN',
    () => r.establish({ codes: [{ code: codeOf(r.late) }] }, { effectiveOn: DAY }),
  ],
  [
    'a second code from the same date',
    'FAILED_PRECONDITION',
    'part.codes[0].code OVERLAPPING_VALIDITY',
    () => r.update(r.late, { codes: [{ code: freshCode() }] }, '2030-01-01'),
  ],
  [
    'a second name from the same date',
    'FAILED_PRECONDITION',
    'part.name OVERLAPPING_VALIDITY',
    () => r.rename(r.late, '2030-01-01'),
  ],
  [
    'a function held already',
    'FAILED_PRECONDITION',
    'part.functions_added[0] OVERLAPPING_VALIDITY',
    () => r.update(r.top, { functionsAdded: ['land'] }),
  ],
  [
    'the end of a function not held',
    'FAILED_PRECONDITION',
    'part.functions_ended[0] FUNCTION_NOT_HELD',
    () => r.update(r.top, { functionsEnded: ['tax'] }),
  ],
  ['a cycle', 'FAILED_PRECONDITION', 'part.parent CYCLE', () => r.move(r.top, r.low)],
  [
    'a parent that has ended',
    'FAILED_PRECONDITION',
    'part.parent PARENT_NOT_VALID_AT_DATE',
    () => r.move(r.other, r.gone),
  ],
  ['a second end', 'FAILED_PRECONDITION', 'part.agency AGENCY_ENDED', () => r.end(r.gone.id)],
  [
    'an end before the beginning',
    'FAILED_PRECONDITION',
    'part.agency END_BEFORE_START',
    () => r.end(r.late.id),
  ],
  ['children left behind', 'FAILED_PRECONDITION', 'part.agency HAS_CHILDREN', () => r.end(r.top.id)],
  ['a change after the end', 'FAILED_PRECONDITION', 'part.agency AGENCY_ENDED', () => r.move(r.gone, r.top)],
  [
    'a change before the beginning',
    'FAILED_PRECONDITION',
    'part.agency AGENCY_NOT_YET_ESTABLISHED',
    () => r.rename(r.late),
  ],
  ['an unknown successor', 'NOT_FOUND', 'part.successor UNKNOWN_AGENCY', () => r.merge(r.other, NOBODY)],
  [
    'a successor that has ended',
    'FAILED_PRECONDITION',
    'part.successor SUCCESSOR_ENDED',
    () => r.merge(r.other, r.gone.id),
  ],
  [
    'a successor still to come',
    'FAILED_PRECONDITION',
    'part.successor SUCCESSOR_NOT_YET_ESTABLISHED',
    () => r.merge(r.other, r.late.id),
  ],
  [
    'a merge into itself',
    'INVALID_ARGUMENT',
    'part.predecessors[0] SUCCEEDS_ITSELF',
    () => r.merge(r.other, r.other.id),
  ],
  [
    'a function given to a successor that the predecessor does not hold',
    'FAILED_PRECONDITION',
    'part.successors[1].functions[0] FUNCTION_NOT_HELD',
    () =>
      r.split(
        r.other,
        { agency: byId(r.top.id), main: true },
        { agency: byId(r.low.id), functions: ['tax'] },
      ),
  ],
];

const ask = () => directory.admin.directory;
const queries: Case[] = [
  ['an agency unknown', 'NOT_FOUND', 'agency_id UNKNOWN_AGENCY', () => ask().getAgency({ agencyId: NOBODY })],
  ['no lineage', 'NOT_FOUND', 'agency_id UNKNOWN_AGENCY', () => ask().getLineage({ agencyId: NOBODY })],
  [
    'the children of an unknown agency',
    'NOT_FOUND',
    'agency_id UNKNOWN_AGENCY',
    () => ask().listChildren({ agencyId: NOBODY }),
  ],
  [
    'the officers of an unknown agency',
    'NOT_FOUND',
    'agency_id UNKNOWN_AGENCY',
    () => ask().listOfficers({ agencyId: NOBODY }),
  ],
  [
    'a code unknown',
    'NOT_FOUND',
    'code.code UNKNOWN_CODE',
    () => ask().resolveCode({ code: { code: 'Y99' } }),
  ],
  [
    'a code not valid today',
    'NOT_FOUND',
    'code.code CODE_NOT_VALID_AT_DATE',
    () => ask().resolveCode({ code: { code: codeOf(r.gone) } }),
  ],
  ['no code', 'INVALID_ARGUMENT', 'code INVALID_TYPE', () => ask().resolveCode({})],
  [
    'an impossible date',
    'INVALID_ARGUMENT',
    'at DATE_INVALID',
    () => ask().resolveCode({ code: { code: codeOf(r.top) }, at: '2025-06-31' }),
  ],
  [
    'a page token that is none',
    'INVALID_ARGUMENT',
    'page_token PAGE_TOKEN_INVALID',
    () => ask().listChildren({ agencyId: r.top.id, pageToken: 'bogus' }),
  ],
  [
    'a page too large',
    'INVALID_ARGUMENT',
    'page_size PAGE_SIZE_INVALID',
    () => ask().listChildren({ agencyId: r.top.id, pageSize: 201 }),
  ],
  [
    'a search for nothing',
    'INVALID_ARGUMENT',
    'query FIELD_INVALID',
    () => ask().searchAgencies({ query: '!?' }),
  ],
  [
    'a function no agency holds',
    'NOT_FOUND',
    'function NOBODY_RESPONSIBLE',
    () => ask().findResponsible({ function: 'health', territoryAgencyId: r.low.id }),
  ],
  [
    'a territory that has ended',
    'FAILED_PRECONDITION',
    'territory_agency_id AGENCY_ENDED',
    () => ask().findResponsible({ function: 'land', territoryAgencyId: r.gone.id }),
  ],
];

describe('refused, with the field named:', () => {
  test.each([...commands, ...queries])('%s', (_, code, violation, call) =>
    r.expectRefused(call, code, violation),
  );

  test('a whole request for its bad parts, each reported', () => {
    const part = { codes: [], name: 'Xã Mới', kind: '', tier: Tier.COMMUNE, functions: [], officeHours: [] };
    const establish = (key: string, code: string) => ({
      $case: 'establish' as const,
      value: { ...part, parent: undefined, key, codes: [{ scheme: '', code }] },
    });
    return r.expectRefused(
      () =>
        r.reorganise(
          establish('a', freshCode()),
          establish('a', freshCode()),
          establish('', codeOf(r.other)),
        ),
      'INVALID_ARGUMENT',
      'parts[1].establish.key DUPLICATE_KEY',
      'parts[2].establish.codes[0].code CODE_TAKEN',
    );
  });

  test('a code that passes between two agencies that go on', async () => {
    const [codes, next] = [[{ code: freshCode() }], [{ code: freshCode() }]];
    const { agency: a } = await r.establish({ codes, name: 'Xã Trước' });
    const { agency: b } = await r.establish({ name: 'Xã Sau' });
    await ask().reorganise({
      effectiveOn: DAY,
      parts: [
        { part: { $case: 'update', value: { agency: byId(a?.id ?? ''), codes: next } } },
        { part: { $case: 'update', value: { agency: byId(b?.id ?? ''), codes } } },
      ],
    });
    await r.expectRefused(
      () => ask().endAgency({ part: { agency: byCode(codes[0]?.code ?? '') }, effectiveOn: DAY }),
      'FAILED_PRECONDITION',
      'part.agency AMBIGUOUS_CODE',
    );
  });
});

test('only administrators change the register', async () => {
  const leader = directory.as({ agencyId: r.top.id, officerId: 'lãnh đạo', roles: ['clerk', 'leader'] });
  const call = leader.directory.endAgency({ part: { agency: byId(r.other.id) }, effectiveOn: DAY });
  expect(await refusalOf(call)).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ROLE_MISSING' });
  expect((await leader.directory.getAgency({ agencyId: r.other.id })).agency?.endedOn).toBe('');
});
