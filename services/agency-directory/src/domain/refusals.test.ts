import { describe, expect, test } from 'vitest';
import {
  agency,
  code,
  enact,
  given,
  id,
  key,
  type Loose,
  problemsOf,
  qd20,
} from '../../test/support/parts.ts';
import type { Register } from './register.ts';

const DAY = '2025-07-01';
const LATER = '2030-01-01';

const rename = (who: string): Loose => ({ kind: 'rename', agency: id(who), name: 'other', nameKind: '' });
const move = (who: string, parent: string): Loose => ({
  kind: 'move',
  agency: id(who),
  parent: id(parent),
  tier: undefined,
});
const end = (who: string): Loose => ({ kind: 'end', agency: id(who) });
const merge = (who: string, successor: string): Loose => ({
  kind: 'merge',
  predecessors: [id(who)],
  successor: id(successor),
});
const update = (who: string, more: object): Loose => ({
  kind: 'update',
  agency: id(who),
  codes: [],
  functionsAdded: [],
  functionsEnded: [],
  officeHours: [],
  ...more,
});

/** TOP > MID > LOW; OTHER beside them; GONE ended in 2020, LATE begins in 2030. */
function register(): Register {
  const register = given(
    agency('TOP'),
    agency('MID', { parent: key('TOP'), functions: ['land', 'health'] }),
    agency('LOW', { parent: key('MID') }),
    agency('OTHER'),
    agency('GONE', { validTo: '2020-01-01' }),
  );
  enact(register, LATER, [agency('LATE')]);
  return register;
}

const cases: [name: string, on: string, parts: Loose[], ...expected: string[]][] = [
  ['an unknown id', DAY, [end('nobody')], 'parts[0].end.agency not-found UNKNOWN_AGENCY'],
  [
    'an unknown key',
    DAY,
    [agency('A', { parent: key('nobody') })],
    'parts[0].establish.parent invalid-argument UNKNOWN_KEY',
  ],
  [
    'a code no agency ever had',
    DAY,
    [{ kind: 'end', agency: code('NOBODY') }],
    'parts[0].end.agency not-found UNKNOWN_CODE',
  ],
  [
    'a code not valid at the date',
    DAY,
    [{ kind: 'end', agency: code('GONE') }],
    'parts[0].end.agency not-found CODE_NOT_VALID_AT_DATE',
  ],
  [
    'a key used twice',
    DAY,
    [agency('A'), agency('B', { key: 'A' })],
    'parts[1].establish.key invalid-argument DUPLICATE_KEY',
  ],
  [
    'an end not after the beginning',
    '',
    [agency('A', { validFrom: DAY, validTo: DAY }), agency('B', { parent: key('A') })],
    'parts[0].establish.valid_to invalid-argument END_BEFORE_START',
  ],
  [
    'a code another agency has',
    DAY,
    [agency('A', { codes: [qd20('OTHER')] })],
    'parts[0].establish.codes[0].code already-exists CODE_TAKEN',
  ],
  [
    'a code another agency will have',
    DAY,
    [agency('A', { codes: [qd20('LATE')] })],
    'parts[0].establish.codes[0].code already-exists CODE_TAKEN',
  ],
  [
    'one code for two new agencies: the later part is reported',
    DAY,
    [agency('A'), agency('B', { codes: [qd20('A')] })],
    'parts[1].establish.codes[0].code already-exists CODE_TAKEN',
  ],
  [
    'a code taken over from an agency that goes on',
    DAY,
    [update('LOW', { codes: [qd20('OTHER')] })],
    'parts[0].update.codes[0].code already-exists CODE_TAKEN',
  ],
  [
    'a second code of a scheme from the same date',
    LATER,
    [update('LATE', { codes: [qd20('L2')] })],
    'parts[0].update.codes[0].code failed-precondition OVERLAPPING_VALIDITY',
  ],
  [
    'a second name from the same date',
    LATER,
    [rename('LATE')],
    'parts[0].rename.name failed-precondition OVERLAPPING_VALIDITY',
  ],
  [
    'a second placement from the same date',
    LATER,
    [move('LATE', 'TOP')],
    'parts[0].move.parent failed-precondition OVERLAPPING_VALIDITY',
  ],
  [
    'a function held already',
    DAY,
    [update('MID', { functionsAdded: ['land'] })],
    'parts[0].update.functions_added[0] failed-precondition OVERLAPPING_VALIDITY',
  ],
  [
    'the end of a function not held',
    DAY,
    [update('MID', { functionsEnded: ['health', 'tax'] })],
    'parts[0].update.functions_ended[1] failed-precondition FUNCTION_NOT_HELD',
  ],
  ['a move below oneself', DAY, [move('TOP', 'LOW')], 'parts[0].move.parent failed-precondition CYCLE'],
  ['a move under oneself', DAY, [move('OTHER', 'OTHER')], 'parts[0].move.parent failed-precondition CYCLE'],
  [
    'a circle closed by two parts',
    DAY,
    [move('OTHER', 'LOW'), move('TOP', 'OTHER')],
    'parts[0].move.parent failed-precondition CYCLE',
    'parts[1].move.parent failed-precondition CYCLE',
  ],
  [
    'a parent that has ended',
    DAY,
    [move('OTHER', 'GONE')],
    'parts[0].move.parent failed-precondition PARENT_NOT_VALID_AT_DATE',
  ],
  [
    'a parent still to come',
    DAY,
    [agency('A', { parent: id('LATE') })],
    'parts[0].establish.parent failed-precondition PARENT_NOT_VALID_AT_DATE',
  ],
  [
    'a parent the same request ends',
    DAY,
    [agency('A', { parent: id('OTHER') }), end('OTHER')],
    'parts[0].establish.parent failed-precondition PARENT_NOT_VALID_AT_DATE',
  ],
  ['children left behind', DAY, [end('MID')], 'parts[0].end.agency failed-precondition HAS_CHILDREN'],
  [
    'a change of an agency that has ended',
    DAY,
    [rename('GONE')],
    'parts[0].rename.agency failed-precondition AGENCY_ENDED',
  ],
  [
    'a change of an agency still to come',
    DAY,
    [rename('LATE')],
    'parts[0].rename.agency failed-precondition AGENCY_NOT_YET_ESTABLISHED',
  ],
  [
    'an end before the beginning',
    DAY,
    [end('LATE')],
    'parts[0].end.agency failed-precondition END_BEFORE_START',
  ],
  ['a second end', DAY, [end('GONE')], 'parts[0].end.agency failed-precondition AGENCY_ENDED'],
  [
    'two ends in one request',
    DAY,
    [end('OTHER'), merge('OTHER', 'TOP')],
    'parts[1].merge.predecessors[0] failed-precondition AGENCY_ENDED',
  ],
  [
    'an unknown successor',
    DAY,
    [merge('OTHER', 'nobody')],
    'parts[0].merge.successor not-found UNKNOWN_AGENCY',
  ],
  [
    'a successor that has ended',
    DAY,
    [merge('OTHER', 'GONE')],
    'parts[0].merge.successor failed-precondition SUCCESSOR_ENDED',
  ],
  [
    'a successor still to come',
    DAY,
    [merge('OTHER', 'LATE')],
    'parts[0].merge.successor failed-precondition SUCCESSOR_NOT_YET_ESTABLISHED',
  ],
  [
    'a successor that ends the same day',
    DAY,
    [merge('OTHER', 'LOW'), end('LOW')],
    'parts[0].merge.successor failed-precondition SUCCESSOR_ENDED',
  ],
  [
    'a merge into oneself',
    DAY,
    [merge('OTHER', 'OTHER')],
    'parts[0].merge.predecessors[0] invalid-argument SUCCEEDS_ITSELF',
  ],
  [
    'a split that names a successor twice, itself, and functions wrongly',
    DAY,
    [
      {
        kind: 'split',
        predecessor: id('MID'),
        successors: [
          { agency: id('TOP'), main: true, functions: ['land'] },
          { agency: id('TOP'), main: false, functions: [] },
          { agency: id('MID'), main: false, functions: [] },
          { agency: id('OTHER'), main: false, functions: ['land', 'tax'] },
        ],
      },
    ],
    'parts[0].split.successors[1].agency invalid-argument DUPLICATE_SUCCESSOR',
    'parts[0].split.successors[2].agency invalid-argument SUCCEEDS_ITSELF',
    'parts[0].split.successors[3].functions[0] failed-precondition FUNCTION_GIVEN_TWICE',
    'parts[0].split.successors[3].functions[1] failed-precondition FUNCTION_NOT_HELD',
  ],
];

describe('refused, with the field named:', () => {
  test.each(cases)('%s', (_, on, parts, ...expected) => {
    const problems = problemsOf(register(), on, parts);
    expect(problems.map(({ field, kind, reason }) => `${field} ${kind} ${reason}`)).toEqual(expected);
  });

  test('a code that passes from one living agency to another on the date', () => {
    const changing = register();
    enact(changing, DAY, [update('OTHER', { codes: [qd20('O2')] }), agency('A', { codes: [qd20('OTHER')] })]);
    const problems = problemsOf(changing, DAY, [
      { kind: 'rename', agency: code('OTHER'), name: 'x', nameKind: '' },
    ]);
    expect(problems).toMatchObject([
      { field: 'parts[0].rename.agency', kind: 'failed-precondition', reason: 'AMBIGUOUS_CODE' },
    ]);
  });

  test('a cycle that exists only for a while in the future', () => {
    const changing = register();
    // OTHER is planned to hang under LOW for one year.
    enact(changing, LATER, [move('OTHER', 'LOW')]);
    enact(changing, '2031-01-01', [
      { kind: 'move', agency: id('OTHER'), parent: undefined, tier: undefined },
    ]);
    expect(problemsOf(changing, DAY, [move('TOP', 'OTHER')])).toMatchObject([
      { reason: 'CYCLE', description: 'TOP would be above and below OTHER from 2030-01-01 until 2031-01-01' },
    ]);
  });

  test('an end in the past of an agency that has taken over others since', () => {
    const changing = register();
    enact(changing, DAY, [merge('OTHER', 'LOW')]);
    expect(problemsOf(changing, '2024-01-01', [end('LOW')])).toMatchObject([
      { field: 'parts[0].end.agency', reason: 'SUCCEEDS_OTHERS_LATER' },
    ]);
  });

  test('every problem of a request at once, in the order of its parts', () => {
    const problems = problemsOf(register(), DAY, [
      agency('A', { codes: [qd20('OTHER')] }),
      end('nobody'),
      move('TOP', 'LOW'),
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(['CODE_TAKEN', 'UNKNOWN_AGENCY', 'CYCLE']);
  });
});
