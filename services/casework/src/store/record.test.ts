import { expect, test } from 'vitest';
import { fourSteps } from '../../test/support/procedures.ts';
import { completing, createScenario, result, type Scenario } from '../../test/support/scenario.ts';
import { decodeDossier, decodeTask, encodeDossier, encodeTask } from './record.ts';

const building = fourSteps();

/** The dossier and all its tasks are read as they were written. */
function kept({ dossier, tasks }: Scenario): void {
  expect(decodeDossier(encodeDossier(dossier))).toStrictEqual(dossier);
  for (const task of tasks.values()) expect(decodeTask(encodeTask(task))).toStrictEqual(task);
}

test('a dossier and its tasks are stored completely, after every decision of a long story', () => {
  const at = createScenario([building]);
  const { commune, land, province, finance } = at.province;
  at.lodge(building, { accept: false });
  kept(at);
  at.carryOut(commune.clerk, { kind: 'accept' });
  kept(at);
  at.carryOut(commune.officer, { kind: 'claim', taskNumber: 2 });
  kept(at);
  at.carryOut(commune.officer, {
    kind: 'request-supplement',
    content: 'Bản vẽ',
    reason: 'Bản vẽ',
    contactPhone: 'Bản vẽ',
  });
  kept(at);
  at.now += 3_600_000;
  at.carryOut(commune.clerk, { kind: 'receive-supplement', papers: [], data: { area_m2: '12.5' } });
  kept(at);
  at.carryOut(commune.officer, {
    kind: 'consult',
    taskNumber: 2,
    agencyIds: [finance.agency.id],
    question: 'Nợ thuế?',
    dueAt: at.now + 5 * 24 * 3_600_000,
  });
  kept(at);
  at.carryOut(finance.officer, { ...completing(), taskNumber: 3 });
  at.carryOut(commune.officer, { ...completing(), taskNumber: 2 });
  kept(at);
  at.carryOut(land.officer, { kind: 'return', taskNumber: 4, to: '', reason: 'Thiếu chữ ký' });
  at.carryOut(commune.officer, { ...completing(), taskNumber: 5 });
  at.carryOut(land.officer, { ...completing('dat'), taskNumber: 6 });
  at.carryOut(province.officer, { ...completing('', { results: [result('giay-phep')] }), taskNumber: 7 });
  at.carryOut(commune.officer, { ...completing(), taskNumber: 8 });
  kept(at);
  at.carryOut(commune.clerk, { kind: 'return-result' });
  kept(at);
});

test('empty fields are not written', () => {
  const at = createScenario([building]);
  at.lodge(building);
  const record = JSON.parse(encodeDossier(at.dossier));
  for (const key of ['finishedAt', 'pause', 'results', 'payments', 'reason', 'parentTask'])
    expect(record).not.toHaveProperty(key);
  expect(Object.keys(record.open[0])).not.toContain('note');
});

test('results kept from before they had data have none', () => {
  const at = createScenario([building]);
  at.lodge(building);
  const { data: _, ...old } = result('giay-phep');
  const record = JSON.stringify({ ...JSON.parse(encodeDossier(at.dossier)), results: [old] });
  expect(decodeDossier(record).results).toEqual([result('giay-phep')]);
});
