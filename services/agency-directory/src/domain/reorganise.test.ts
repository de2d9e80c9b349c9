import { Tier } from '@lienthong/contracts/directory';
import { describe, expect, test } from 'vitest';
import { agency, code, enact, given, id, key, problemsOf, qd20, recordOf } from '../../test/support/parts.ts';
import { Register } from './register.ts';

const DAY = '2025-07-01';

describe('a reorganisation', () => {
  test('establishes, moves and ends in one go, whatever the order of new agencies', () => {
    const register = given(
      agency('OLD'),
      agency('A', { parent: key('OLD') }),
      agency('B', { parent: key('OLD') }),
    );
    const { changes } = enact(register, DAY, [
      { kind: 'merge', predecessors: [id('OLD')], successor: key('NEW') },
      { kind: 'move', agency: id('A'), parent: key('NEW'), tier: Tier.DISTRICT },
      { kind: 'end', agency: id('B') },
      agency('NEW'),
    ]);
    expect(changes.map(({ type, agency: { id: who, version } }) => [type, who, version])).toEqual([
      ['AgencyEstablished', 'NEW', 1n],
      ['AgencyEnded', 'OLD', 2n],
      ['AgencyMoved', 'A', 2n],
      ['AgencyEnded', 'B', 2n],
    ]);
    expect(recordOf(register, 'A').placements).toEqual([
      { parentId: 'OLD', tier: Tier.COMMUNE, validFrom: '', validTo: DAY },
      { parentId: 'NEW', tier: Tier.DISTRICT, validFrom: DAY, validTo: '' },
    ]);
    expect(recordOf(register, 'OLD')).toMatchObject({
      endedOn: DAY,
      successors: [{ successorId: 'NEW', main: true, whole: true, effectiveOn: DAY, legalBasis: 'NQ 1' }],
    });
  });

  test('hands the code of a predecessor to its successor on the same date', () => {
    const register = given(agency('H61.1'), agency('H61.2'));
    enact(register, DAY, [
      agency('NEW', { codes: [qd20('H61.1')] }),
      { kind: 'merge', predecessors: [code('H61.1'), code('H61.2')], successor: key('NEW') },
    ]);
    expect(register.resolve(qd20('H61.1'), '2025-06-30')?.id).toBe('H61.1');
    expect(register.resolve(qd20('H61.1'), DAY)?.id).toBe('NEW');
    expect(register.resolve(qd20('H61.2'), DAY)).toBeUndefined();
  });

  test('an existing successor takes over a code by an update beside the merge', () => {
    const register = given(agency('X'), agency('Y'));
    enact(register, DAY, [
      {
        kind: 'update',
        agency: id('Y'),
        codes: [qd20('X')],
        functionsAdded: [],
        functionsEnded: [],
        officeHours: [],
      },
      { kind: 'merge', predecessors: [id('X')], successor: id('Y') },
    ]);
    expect(recordOf(register, 'Y').identifiers).toEqual([
      { code: qd20('Y'), validFrom: '', validTo: DAY },
      { code: qd20('X'), validFrom: DAY, validTo: '' },
    ]);
  });

  test('a split names one main successor and the functions of the others', () => {
    const register = given(
      agency('LDTBXH', { functions: ['labour', 'social-protection'] }),
      agency('NOIVU'),
      agency('YTE'),
    );
    enact(register, '2025-03-01', [
      {
        kind: 'split',
        predecessor: id('LDTBXH'),
        successors: [
          { agency: id('NOIVU'), main: true, functions: [] },
          { agency: id('YTE'), main: false, functions: ['social-protection'] },
        ],
      },
    ]);
    expect(
      recordOf(register, 'LDTBXH').successors.map(({ successorId, main, whole, functions }) => ({
        successorId,
        main,
        whole,
        functions,
      })),
    ).toEqual([
      { successorId: 'NOIVU', main: true, whole: false, functions: [] },
      { successorId: 'YTE', main: false, whole: false, functions: ['social-protection'] },
    ]);
  });

  test('several parts may touch one agency, in order', () => {
    const register = given(agency('TOP'));
    const { changes } = enact(register, DAY, [
      agency('A'),
      { kind: 'move', agency: key('A'), parent: id('TOP'), tier: undefined },
      { kind: 'rename', agency: key('A'), name: 'Phường 8', nameKind: 'Phường' },
    ]);
    expect(changes.map(({ type, agency: { version } }) => [type, version])).toEqual([
      ['AgencyEstablished', 1n],
      ['AgencyMoved', 2n],
      ['AgencyRenamed', 3n],
    ]);
    expect(recordOf(register, 'A')).toMatchObject({
      placements: [{ parentId: 'TOP', validFrom: DAY, validTo: '' }],
      names: [{ name: 'Phường 8', kind: 'Phường', validFrom: DAY, validTo: '' }],
    });
  });

  test('in the past takes effect until the next change on record', () => {
    const register = given(agency('A'));
    enact(register, '2022-01-01', [{ kind: 'rename', agency: id('A'), name: 'third', nameKind: '' }]);
    enact(register, '2018-01-01', [{ kind: 'rename', agency: id('A'), name: 'second', nameKind: '' }]);
    expect(
      recordOf(register, 'A').names.map(({ name, validFrom, validTo }) => [name, validFrom, validTo]),
    ).toEqual([
      ['A', '', '2018-01-01'],
      ['second', '2018-01-01', '2022-01-01'],
      ['third', '2022-01-01', ''],
    ]);
  });

  test('that ends an agency drops what was planned for it later', () => {
    const register = given(agency('A'));
    enact(register, '2030-01-01', [{ kind: 'rename', agency: id('A'), name: 'never', nameKind: '' }]);
    enact(register, DAY, [{ kind: 'end', agency: id('A') }]);
    expect(recordOf(register, 'A').names).toEqual([{ name: 'A', kind: '', validFrom: '', validTo: DAY }]);
  });

  test('functions end and begin again', () => {
    const register = given(agency('A', { functions: ['land', 'health'] }));
    const change = (functionsAdded: string[], functionsEnded: string[]) =>
      ({
        kind: 'update',
        agency: id('A'),
        codes: [],
        functionsAdded,
        functionsEnded,
        officeHours: [],
      }) as const;
    enact(register, '2020-01-01', [change(['civil-status'], ['land'])]);
    enact(register, '2021-01-01', [change(['land'], [])]);
    expect(recordOf(register, 'A').functions).toEqual([
      { function: 'land', validFrom: '', validTo: '2020-01-01' },
      { function: 'health', validFrom: '', validTo: '' },
      { function: 'civil-status', validFrom: '2020-01-01', validTo: '' },
      { function: 'land', validFrom: '2021-01-01', validTo: '' },
    ]);
  });

  test('refused leaves the register as it was', () => {
    const register = given(agency('A'), agency('B'));
    const before = structuredClone([...register.ids()].map((who) => register.get(who)));
    const problems = problemsOf(register, DAY, [
      agency('C'),
      { kind: 'merge', predecessors: [id('A')], successor: id('B') },
      { kind: 'end', agency: id('nobody') },
    ]);
    expect(problems).toHaveLength(1);
    expect([...register.ids()].map((who) => register.get(who))).toEqual(before);
  });
});

describe('a code in a reference', () => {
  test('means its holder of the day before, or else of the date itself', () => {
    const register = given(agency('X'));
    enact(register, DAY, [agency('NEW', { codes: [qd20('Y')] })]);
    enact(register, DAY, [{ kind: 'rename', agency: code('X'), name: 'x', nameKind: '' }]);
    enact(register, DAY, [{ kind: 'move', agency: id('X'), parent: code('Y'), tier: undefined }]);
    expect(recordOf(register, 'X').placements.at(-1)?.parentId).toBe('NEW');
  });

  test('means the new holder when the old one has ended by then', () => {
    const register = given(agency('X'));
    enact(register, DAY, [
      agency('NEW', { codes: [qd20('X')] }),
      { kind: 'merge', predecessors: [id('X')], successor: key('NEW') },
    ]);
    enact(register, DAY, [
      {
        kind: 'update',
        agency: code('X'),
        codes: [],
        functionsAdded: ['land'],
        functionsEnded: [],
        officeHours: [],
      },
    ]);
    expect(recordOf(register, 'NEW').functions).toEqual([{ function: 'land', validFrom: DAY, validTo: '' }]);
  });
});

test('an import is nothing but establishments with their own dates', () => {
  const register = new Register();
  enact(register, '', [
    agency('A', { parent: key('TOP'), validFrom: '2001-01-01', validTo: '2020-01-01' }),
    agency('B', { codes: [qd20('A')], parent: key('TOP'), validFrom: '2020-01-01' }),
    agency('TOP'),
  ]);
  expect(register.resolve(qd20('A'), '2019-12-31')?.id).toBe('A');
  expect(register.resolve(qd20('A'), '2020-01-01')?.id).toBe('B');
});
