import { ApplicantKind as CaseworkKind } from '@lienthong/contracts/casework';
import { ApplicantKind, Channel, Definition } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledOf } from '../arbitrary.ts';
import { problemsOf, sound } from '../check/testing.ts';
import { mandatoryPapers } from '../papers.ts';
import { definition, facts, inCalendarDays, inDays, inHalfDays } from '../testing.ts';
import { chooseCase } from './cases.ts';
import { findWay, timeLimitOf } from './ways.ts';

/** The given fields of a definition, complete. */
const part = (more: object): Partial<Definition> =>
  Object.fromEntries(Object.entries(Definition.fromPartial(more)).filter(([key]) => key in more));
const usual = {
  key: 'khong-xac-minh',
  name: 'Không phải xác minh',
  condition: '!data.urgent',
  timeLimit: inDays(3),
};
const checked = {
  key: 'phai-xac-minh',
  name: 'Phải xác minh',
  condition: 'data.urgent',
  timeLimit: inDays(23),
};
const third = { key: 'nop-lai', name: 'Nộp lại' };
const { cases } = part({ cases: [usual, checked, third] });
const workflow = compiledOf(definition(sound, { cases }));

describe('the case of a dossier', () => {
  const choose = (named: string, data: Record<string, string>, of = workflow) => {
    const chosen = chooseCase(of, named, facts(data));
    return chosen.ok
      ? chosen.value
      : chosen.refusal.violations?.map(({ field, reason }) => `${field} ${reason}`);
  };

  test('is named, or chosen by the data', () => {
    expect(choose('', { urgent: 'true' })).toBe('phai-xac-minh');
    expect(choose('', { urgent: 'false' })).toBe('khong-xac-minh');
    expect(choose('nop-lai', {})).toBe('nop-lai');
    expect(choose('phai-xac-minh', { urgent: 'true' })).toBe('phai-xac-minh');
    expect(choose('', {}, compiledOf(definition(sound)))).toBe('');
  });

  test('is refused where it is unknown, contradicted, open or ambiguous', () => {
    expect(choose('khac', { urgent: 'true' })).toEqual(['case_key CASE_UNKNOWN']);
    expect(choose('khac', {}, compiledOf(definition(sound)))).toEqual(['case_key CASE_UNKNOWN']);
    expect(choose('phai-xac-minh', { urgent: 'false' })).toEqual(['case_key CASE_CONTRADICTED']);
    expect(choose('', {})).toEqual(['case_key CONDITION_FAILED']);
    const named = compiledOf(definition(sound, part({ cases: [third] })));
    expect(choose('', {}, named)).toEqual(['case_key CASE_REQUIRED']);
    const both = part({ cases: [usual, { ...checked, condition: 'true' }] });
    expect(choose('', { urgent: 'false' }, compiledOf(definition(sound, both)))).toEqual([
      'case_key CASE_AMBIGUOUS',
    ]);
  });

  test('decides which papers are required', () => {
    const papers = [
      { key: 'don', name: 'Đơn', mandatory: true },
      { key: 'xac-minh', name: 'Văn bản xác minh', mandatory: true, cases: ['phai-xac-minh'] },
    ];
    const of = compiledOf(definition(sound, part({ cases, papers })));
    const needed = (caseKey: string) => {
      const result = mandatoryPapers(of, facts({}, { caseKey }));
      return result.ok && result.value.map(({ key }) => key);
    };
    expect(needed('phai-xac-minh')).toEqual(['don', 'xac-minh']);
    expect(needed('khong-xac-minh')).toEqual(['don']);
  });
});

describe('the way of a dossier', () => {
  const { CITIZEN, ORGANISATION, UNSPECIFIED } = ApplicantKind;
  const ways = [
    { channel: Channel.IN_PERSON, applicants: [CITIZEN], timeLimit: inHalfDays(3), cases: ['phai-xac-minh'] },
    { channel: Channel.IN_PERSON, applicants: [ORGANISATION], cases: ['phai-xac-minh'] },
    { channel: Channel.ONLINE, timeLimit: inCalendarDays(10), cases: ['khong-xac-minh'] },
  ];
  const whole = definition(sound, part({ ways, cases }));
  const found = (channel: Channel, applicantKind: ApplicantKind, caseKey: string) => {
    const result = findWay(whole, { channel, applicantKind, caseKey });
    return 'way' in result ? whole.ways.indexOf(result.way) : result.missing;
  };

  test('is the row of its channel, case and applicant', () => {
    expect(found(Channel.IN_PERSON, CITIZEN, 'phai-xac-minh')).toBe(0);
    expect(found(Channel.IN_PERSON, ORGANISATION, 'phai-xac-minh')).toBe(1);
    expect(found(Channel.ONLINE, UNSPECIFIED, 'khong-xac-minh')).toBe(2);
    expect(found(Channel.POST, CITIZEN, 'phai-xac-minh')).toBe('channel');
    expect(found(Channel.ONLINE, CITIZEN, 'phai-xac-minh')).toBe('case');
    expect(found(Channel.IN_PERSON, UNSPECIFIED, 'phai-xac-minh')).toBe('applicant');
  });

  test('has its own time limit, or that of the case, or of the procedure', () => {
    const limit = (channel: Channel, applicantKind: ApplicantKind, caseKey: string) =>
      timeLimitOf(whole, { channel, applicantKind, caseKey });
    expect(limit(Channel.IN_PERSON, CITIZEN, 'phai-xac-minh')).toEqual(inHalfDays(3));
    expect(limit(Channel.IN_PERSON, ORGANISATION, 'phai-xac-minh')).toEqual(inDays(23));
    expect(limit(Channel.ONLINE, UNSPECIFIED, 'khong-xac-minh')).toEqual(inCalendarDays(10));
    expect(limit(Channel.POST, UNSPECIFIED, 'nop-lai')).toEqual(inDays(20));
  });

  test('is one at most in every definition that the check accepts', () => {
    const few = <T>(of: T[]) => fc.subarray(of, { maxLength: 2 });
    const row = fc.record({
      channel: fc.constantFrom(Channel.IN_PERSON, Channel.ONLINE),
      applicants: few([CITIZEN, ORGANISATION, ApplicantKind.FOREIGN]),
      cases: few(['khong-xac-minh', 'phai-xac-minh']),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const of = part({ ways: rows, cases: [usual, checked] });
        const overlap = problemsOf(sound, of).some((one) => one.startsWith('WAY_AMBIGUOUS'));
        const most = Math.max(
          ...[Channel.IN_PERSON, Channel.ONLINE].flatMap((channel) =>
            [CITIZEN, ORGANISATION, ApplicantKind.FOREIGN].flatMap((kind) =>
              [usual.key, checked.key].map(
                (key) =>
                  rows.filter(
                    (one) =>
                      one.channel === channel &&
                      (one.applicants.length === 0 || one.applicants.includes(kind)) &&
                      (one.cases.length === 0 || one.cases.includes(key)),
                  ).length,
              ),
            ),
          ),
        );
        // Rows that overlap only for kinds or cases that are not listed overlap all the same.
        if (most > 1) expect(overlap).toBe(true);
        if (!overlap) expect(most).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('applicant kinds have the numbers of casework', () => {
  expect(ApplicantKind).toEqual(CaseworkKind);
});

describe('the check', () => {
  const problems = (more: object) => problemsOf(sound, part({ cases: [usual, checked], ...more }));
  const inPerson = { channel: Channel.IN_PERSON };

  test.each<[object, string[]]>([
    [{ ways: [inPerson] }, []],
    [{ ways: [{ ...inPerson, timeLimit: inDays(5) }] }, ['TIME_LIMIT_AMBIGUOUS ways[0].time_limit']],
    [
      { ways: [{ ...inPerson, cases: ['khac'] }] },
      ['CASE_WITHOUT_WAY cases[0]', 'CASE_WITHOUT_WAY cases[1]', 'CASE_UNKNOWN ways[0].cases[0]'],
    ],
    [{ ways: [inPerson, { ...inPerson, cases: [usual.key] }] }, ['WAY_AMBIGUOUS ways[1]']],
    [{ ways: [{ ...inPerson, applicants: [9] }] }, ['APPLICANT_KIND_INVALID ways[0].applicants[0]']],
    [
      {
        ways: [inPerson],
        papers: [{ key: 'don', name: 'Đơn', originals: 1, cases: [usual.key, usual.key, 'x'] }],
      },
      ['KEY_DUPLICATE papers[0].cases[1]', 'CASE_UNKNOWN papers[0].cases[2]'],
    ],
    [{ cases: [usual, usual] }, ['KEY_DUPLICATE cases[1].key']],
    [{ cases: [{ ...usual, name: '' }] }, ['NAME_MISSING cases[0].name']],
    [{ cases: [{ ...usual, condition: 'case_key == ""' }] }, ['CONDITION_NOT_ALLOWED cases[0].condition']],
    [{ cases: [{ ...usual, condition: 'data.floors' }] }, ['CONDITION_NOT_BOOLEAN cases[0].condition']],
    [{ cases: [{ ...usual, timeLimit: inDays(1) }] }, ['TIME_EXCEEDED cases[0].time_limit']],
    [{ cases: [{ ...usual, timeLimit: inCalendarDays(2) }] }, ['TIME_UNITS_MIXED cases[0].time_limit']],
    [
      { cases: [{ ...usual, timeLimit: inHalfDays(2) }] },
      ['TIME_LIMIT_INVALID cases[0].time_limit', 'TIME_EXCEEDED cases[0].time_limit'],
    ],
  ])('%#: %o', (more, expected) => {
    expect(problems(more)).toEqual(expected);
  });
});
