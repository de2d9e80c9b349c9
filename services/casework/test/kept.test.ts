import { createHash, randomUUID } from 'node:crypto';
import { DossierStatus } from '@lienthong/contracts/casework';
import { DataType } from '@lienthong/contracts/registry';
import { dataField, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const noting = procedure(sequence('s', step('mot'), step('hai')), {
  data: [dataField('ghi_chu', DataType.TEXT)],
});

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(noting);
});
afterAll(() => world.stop());

const clerk = () => world.as(p.commune.clerk).casework;
const seen = (id: string) => dossierOf(world.as(p.commune.clerk), id);

describe('Vietnamese', () => {
  const texts = {
    name: 'Nguyễn Thị Hồng Đào',
    paper: 'Bản vẽ hiện trạng nhà ở',
    note: 'Đã kiểm tra, đề nghị giải quyết',
  };

  test.each(['NFC', 'NFD'] as const)('written in %s is kept in NFC', async (form) => {
    const { name, paper, note } = texts;
    const { dossierId } = await clerk().lodgeDossier(
      lodging(noting, {
        applicant: { fullName: ` ${name} `.normalize(form) },
        papers: [
          { key: 'don', originals: 1 },
          { name: paper.normalize(form), originals: 1 },
        ],
        data: { ghi_chu: note.normalize(form) },
      }),
    );
    await complete(world.as(p.commune.officer), dossierId, 1, { note: note.normalize(form) });
    const dossier = await seen(dossierId);
    expect(dossier.applicant?.fullName).toBe(name.normalize('NFC'));
    expect(dossier.papers[1]?.name).toBe(paper.normalize('NFC'));
    expect(dossier.data).toEqual({ ghi_chu: note.normalize('NFC') });
    expect(dossier.tasks[0]?.note).toBe(note.normalize('NFC'));
  });

  test('is counted in characters in either form', async () => {
    const longest = 'ễ'.repeat(200).normalize('NFD');
    const { dossierId } = await clerk().lodgeDossier(lodging(noting, { applicant: { fullName: longest } }));
    expect((await seen(dossierId)).applicant?.fullName).toHaveLength(200);
  });
});

test('the events of a dossier carry neither the applicant, nor the data, nor texts that people wrote', async () => {
  const secrets = ['Bùi Văn Kín', '086190009999', 'tế nhị', 'riêng tư', 'giấu tên'];
  const [fullName = '', identityNumber = '', value = '', note = '', reason = ''] = secrets;
  const { dossierId } = await clerk().lodgeDossier(
    lodging(noting, { applicant: { fullName, identityNumber }, data: { ghi_chu: value } }),
  );
  await complete(world.as(p.commune.officer), dossierId, 1, { note });
  await clerk().withdrawDossier({ requestId: randomUUID(), dossierId, reason });
  const events = await world.db.query<{ type: string; payload: Buffer }>({
    text: 'select type, payload from event where aggregate_id = $1',
    values: [dossierId],
  });
  expect(events.length).toBeGreaterThan(4);
  for (const { payload } of events)
    for (const secret of secrets) expect(payload.toString('utf8')).not.toContain(secret);
});

test('the dossier keeps only the digest of the tracking secret', async () => {
  const { dossierId, trackingSecret } = await clerk().lodgeDossier(lodging(noting));
  const [row] = await world.db.query<{ record: string }>({
    text: 'select record from dossier where id = $1',
    values: [dossierId],
  });
  expect(row?.record).toContain(createHash('sha256').update(trackingSecret).digest('hex'));
  expect(row?.record).not.toContain(trackingSecret);
  expect(
    JSON.stringify(await seen(dossierId), (_, v) => (typeof v === 'bigint' ? Number(v) : v)),
  ).not.toContain(trackingSecret);
});

test('a dossier stays on the version it was lodged under', async () => {
  const first = procedure(sequence('s', step('mot'), step('cu')), { name: 'Bản thứ nhất' });
  await world.publish(first);
  const before = await clerk().lodgeDossier(lodging(first));
  const second = procedure(
    sequence('s', step('mot'), step('moi')),
    { code: first.code, name: 'Bản thứ hai' },
    { version: 2, effectiveOn: '2026-01-15' },
  );
  await world.publish({ ...first, endedOn: '2026-01-15' }, second);
  const after = await clerk().lodgeDossier(lodging(first));
  const officer = world.as(p.commune.officer);
  for (const { dossierId } of [before, after]) await complete(officer, dossierId, 1);
  expect(await seen(before.dossierId)).toMatchObject({
    procedureName: 'Bản thứ nhất',
    procedureVersion: 1,
    tasks: [{}, { blockKey: 'cu' }],
  });
  expect(await seen(after.dossierId)).toMatchObject({
    procedureName: 'Bản thứ hai',
    procedureVersion: 2,
    tasks: [{}, { blockKey: 'moi' }],
  });
  await world.publish({ ...second, endedOn: '2026-01-16' });
  await world.restart();
  expect((await complete(world.as(p.commune.officer), before.dossierId, 2)).status).toBe(
    DossierStatus.FINISHED,
  );
});
