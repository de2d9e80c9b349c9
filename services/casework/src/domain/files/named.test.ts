import { DataType } from '@lienthong/contracts/registry';
import { dataField, sequence, step } from '@lienthong/workflow/testing';
import { expect, test } from 'vitest';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  completing,
  createScenario,
  DIGEST,
  lodging,
  reasonOf,
  result,
} from '../../../test/support/scenario.ts';
import { decide } from '../decision/decide.ts';
import { fileKey } from './named.ts';

const building = fourSteps();
const OTHER = 'b'.repeat(64);
const paper = (sha256: string, name = 'Bản vẽ') => ({ key: '', name, sha256, originals: 1, copies: 0 });

test('given files of one agency, lodging by another is refused with every field', () => {
  const at = createScenario([building]);
  const { commune, otherCommune } = at.province;
  at.world.files = new Set([fileKey(otherCommune.agency.id, OTHER), fileKey(commune.agency.id, DIGEST)]);
  const papers = [paper(OTHER), { ...paper(DIGEST), key: 'don' }, paper('', 'Giấy'), paper('c'.repeat(64))];
  const lodged = decide(lodging(at, 'id', building, { papers }), at.world);
  if (lodged.ok) throw new Error('it was lodged');
  expect(lodged.refusal).toMatchObject({ kind: 'failed-precondition', reason: 'FILE_NOT_UPLOADED' });
  expect(lodged.refusal.violations?.map(({ field }) => field)).toEqual([
    'papers[0].sha256',
    'papers[3].sha256',
  ]);
});

test('a sub-procedure takes the files of its parent, of any uploader', () => {
  const at = createScenario([building]);
  at.world.files = new Set();
  const { change } = ((decision) => {
    if (!decision.ok) throw new Error(decision.refusal.reason);
    return decision.value;
  })(
    decide(
      lodging(at, 'id', building, { parentDossierId: 'parent', parentTask: 1, accept: false }),
      at.world,
    ),
  );
  expect(change.files).toEqual({ carried: [DIGEST], left: [] });
});

test('a result that is not there is refused; one that is there is carried', () => {
  const at = createScenario([building]);
  at.lodge(building);
  at.complete('tiep-nhan');
  at.complete('tham-dinh', 'dat');
  const { officer, agency } = at.province.province;
  const sign: Act = {
    ...completing('', { results: [result('giay-phep', { sha256: OTHER })] }),
    taskNumber: 3,
  };
  at.world.files = { has: () => false };
  expect(reasonOf(at, officer, sign)).toBe('results[0].sha256 FILE_NOT_UPLOADED');
  at.world.files = new Set([fileKey(agency.id, OTHER)]);
  expect(at.carryOut(officer, sign).change.files).toEqual({ carried: [OTHER], left: [] });
});

test('a decision that names no file changes none', () => {
  const at = createScenario([building]);
  at.lodge(building);
  const { change } = at.carryOut(at.province.commune.officer, { ...completing(), taskNumber: 1 });
  expect(change.files).toBeUndefined();
});

test('a file in data is refused, carried and left like that of a paper', () => {
  const drawing = procedure(sequence('s', step('mot'), step('hai')), {
    data: [
      dataField('plans', DataType.GROUP, { fields: [dataField('file', DataType.FILE)], maxRows: 3 }),
      dataField('note', DataType.TEXT),
    ],
  });
  const at = createScenario([drawing]);
  const { commune } = at.province;
  const files = (...digests: string[]) => new Set(digests.map((one) => fileKey(commune.agency.id, one)));
  at.world.files = files(DIGEST);
  const data = { 'plans[0].file': DIGEST, 'plans[1].file': OTHER, note: 'c'.repeat(64) };
  const refused = decide(
    lodging(at, 'id', drawing, { data, papers: [{ ...paper(OTHER), key: 'don' }] }),
    at.world,
  );
  expect(refused).toMatchObject({ ok: false, refusal: { reason: 'FILE_NOT_UPLOADED' } });
  expect(refused.ok ? [] : refused.refusal.violations?.map(({ field }) => field)).toEqual([
    'papers[0].sha256',
    'data.plans[1].file',
  ]);

  at.world.files = files(DIGEST, OTHER);
  at.lodge(drawing, { data });
  at.world.files = files(OTHER);
  const change = (more: Record<string, string>) =>
    at.carryOut(commune.officer, {
      ...completing('', { data: more }),
      taskNumber: at.dossier.open[0]?.number ?? 0,
    }).change.files;
  // It carries the file that is there; nobody uploads it again.
  expect(change({ 'plans[0].file': OTHER })).toBeUndefined();
  expect(change({ 'plans[0].file': '', 'plans[1].file': '' })).toEqual({ carried: [], left: [OTHER] });
});
