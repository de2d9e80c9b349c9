import { DataType, Definition } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import { ancestor, inDays, Tier } from '../testing.ts';
import { checkDefinition } from './check.ts';
import { problemsOf, ROOT, sound } from './testing.ts';

describe('the record', () => {
  const papers = (...list: object[]) => Definition.fromPartial({ papers: list }).papers;
  const ways = (...list: object[]) => Definition.fromPartial({ ways: list }).ways;
  const data = (...list: object[]) => Definition.fromPartial({ data: list }).data;
  const paper = { key: 'don', name: 'Đơn đề nghị', originals: 1, mandatory: true };
  const field = { key: 'dien_tich', label: 'Diện tích', type: DataType.NUMBER };

  test.each<[Partial<Definition>, string[]]>([
    [{ code: '1.1193' }, ['CODE_INVALID code']],
    [{ code: '1.001612.000.00.00.H48' }, []],
    [{ name: ' ' }, ['NAME_MISSING name']],
    [{ name: 'a'.repeat(501) }, ['NAME_TOO_LONG name']],
    [{ tiers: [] }, ['TIERS_MISSING tiers']],
    [{ tiers: [Tier.COMMUNE, 9 as Tier] }, ['TIER_INVALID tiers[1]']],
    [{ tiers: [Tier.COMMUNE, Tier.COMMUNE] }, ['TIER_DUPLICATE tiers[1]']],
    [{ ways: [] }, ['WAYS_MISSING ways']],
    [{ ways: ways({ channel: 7 }) }, ['CHANNEL_INVALID ways[0].channel']],
    [{ ways: ways({ channel: 1 }, { channel: 1 }) }, ['WAY_AMBIGUOUS ways[1]']],
    [{ ways: ways({ channel: 1, feeVnd: -1n }) }, ['FEE_NEGATIVE ways[0].fee_vnd']],
    [
      { ways: ways({ channel: 1, timeLimit: inDays(-1) }) },
      ['TIME_LIMIT_INVALID ways[0].time_limit', 'TIME_EXCEEDED ways[0].time_limit'],
    ],
    [{ papers: papers(paper, paper) }, ['KEY_DUPLICATE papers[1].key']],
    [{ papers: papers({ ...paper, key: '' }) }, ['KEY_MISSING papers[0].key']],
    [{ papers: papers({ ...paper, name: '' }) }, ['NAME_MISSING papers[0].name']],
    [
      { papers: papers({ ...paper, originals: -1, copies: -2 }) },
      ['COUNT_NEGATIVE papers[0].originals', 'COUNT_NEGATIVE papers[0].copies'],
    ],
    [{ papers: papers({ ...paper, originals: 0 }) }, ['PAPER_COUNT_MISSING papers[0]']],
    [{ papers: papers({ ...paper, condition: 'data.kind' }) }, ['CONDITION_NOT_BOOLEAN papers[0].condition']],
    [
      { papers: papers({ ...paper, mandatory: false, condition: 'data.urgent' }) },
      ['CONDITION_UNUSED papers[0].condition'],
    ],
    [{ results: [] }, ['RESULTS_MISSING results', `RESULT_UNKNOWN ${ROOT}.blocks[1].step.produces[0]`]],
    [{ legalBasis: [''] }, ['LEGAL_BASIS_MISSING legal_basis']],
    [{ data: data(field, field) }, ['KEY_DUPLICATE data[1].key']],
    [{ data: data({ ...field, key: 'dien-tich' }) }, ['KEY_INVALID data[0].key']],
    [{ data: data({ ...field, key: 'in' }) }, ['KEY_RESERVED data[0].key']],
    [{ data: data({ ...field, type: 0 }) }, ['DATA_TYPE_INVALID data[0].type']],
    [{ data: data({ ...field, label: '' }) }, ['NAME_MISSING data[0].label']],
    [{ decidingAgency: undefined }, ['PERFORMER_MISSING deciding_agency']],
    [{ authorisedAgency: ancestor(Tier.DEPARTMENT) }, ['PERFORMER_IMPOSSIBLE authorised_agency']],
  ])('%o', (more, expected) => {
    expect(problemsOf(sound, more)).toEqual(expected);
  });

  test('a definition that says nothing', () => {
    const reasons = checkDefinition(Definition.fromPartial({})).map((problem) => problem.reason);
    expect(reasons).toEqual([
      'CODE_INVALID',
      'NAME_MISSING',
      'TIERS_MISSING',
      'WAYS_MISSING',
      'RESULTS_MISSING',
      'PERFORMER_MISSING',
      'PERFORMER_MISSING',
      'LEGAL_BASIS_MISSING',
      'TIME_LIMIT_MISSING',
      'WORKFLOW_MISSING',
    ]);
  });
});
