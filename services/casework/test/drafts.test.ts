import { randomBytes, randomUUID } from 'node:crypto';
import type { DeepPartial, LodgeDossierRequest, SaveDraftRequest } from '@lienthong/contracts/casework';
import { DataType } from '@lienthong/contracts/registry';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { dataField, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetDrafts } from '../src/store/drafts.ts';
import { fourSteps, procedure } from './support/procedures.ts';
import { type Office, office, sampleProvince, settle } from './support/province.ts';
import { lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const DAY_MS = 86_400_000;
const START = '2026-01-15T01:00:00Z';
const p = sampleProvince();
const building = fourSteps();
const drawing = procedure(step('xem'), {
  data: [
    dataField('plans', DataType.GROUP, { fields: [dataField('file', DataType.FILE)], maxRows: 3 }),
    dataField('note', DataType.TEXT),
  ],
});
const successor: Office = office(
  agency({ code: 'H61.29999', name: 'Ủy ban nhân dân phường Tân Hòa', establishedOn: '2026-01-01' }),
);

let world: World;
beforeAll(async () => {
  world = await openWorld({ at: START });
  await settle(world, p);
  await world.announce(successor.agency);
  await world.appoint(successor.officer);
  await world.publish(building, drawing);
});
afterAll(() => world.stop());

const drafts = (of: Office = p.commune) => world.as(of.officer).drafts;
const save = (request: DeepPartial<SaveDraftRequest>, of: Office = p.commune) =>
  drafts(of).saveDraft({ requestId: randomUUID(), ...request });
const unfinished: DeepPartial<LodgeDossierRequest> = { procedureCode: building.code, data: { area: '80' } };
const freshOwner = () => `công dân ${randomUUID()}`;

test('an unfinished dossier is kept, gone on with, and lodged once', async () => {
  const owner = freshOwner();
  const requestId = randomUUID();
  const first = await save({ owner, lodging: { ...unfinished, requestId } });
  expect(first).toMatchObject({ version: 1n, expiresAt: new Date(Date.parse(START) + 30 * DAY_MS) });
  const { draftId } = first;
  const whole = lodging(building, { requestId, data: {} });
  expect(await save({ draftId, version: 1n, lodging: whole })).toMatchObject({ draftId, version: 2n });
  const { draft } = await drafts().getDraft({ draftId });
  expect(draft).toMatchObject({
    id: draftId,
    owner,
    version: 2n,
    savedBy: p.commune.officer.id,
    lodging: { requestId, procedureCode: building.code, applicant: { fullName: 'Nguyễn Thị Mẫu' }, data: {} },
  });
  if (!draft?.lodging) throw new Error('no draft');
  const { casework } = world.as(p.commune.officer);
  const lodged = await casework.lodgeDossier(draft.lodging);
  expect((await casework.lodgeDossier(draft.lodging)).code).toBe(lodged.code);
  await drafts().discardDraft({ requestId: randomUUID(), draftId });
  expect(await refusalOf(drafts().getDraft({ draftId }))).toMatchObject({ reason: 'DRAFT_UNKNOWN' });
});

test('a saving that is sent again makes no second draft, and one on an old version is refused', async () => {
  const owner = freshOwner();
  const request = { requestId: randomUUID(), owner, lodging: unfinished };
  const { draftId } = await save(request);
  expect((await save(request)).draftId).toBe(draftId);
  await save({ draftId, version: 1n, lodging: { ...unfinished, data: { area: '90' } } });
  expect(await refusalOf(save({ draftId, version: 1n, lodging: unfinished }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'DRAFT_CHANGED',
  });
  const { drafts: kept } = await drafts().listDrafts({ owner });
  expect(kept).toMatchObject([{ id: draftId, version: 2n, lodging: { data: { area: '90' } } }]);
});

test('drafts are listed by owner, an officer’s own without one', async () => {
  const owner = freshOwner();
  const { draftId } = await save({ owner, lodging: unfinished });
  const { draftId: own } = await save({ lodging: unfinished });
  const idsOf = async (owner: string) => (await drafts().listDrafts({ owner })).drafts.map(({ id }) => id);
  expect(await idsOf(owner)).toEqual([draftId]);
  expect(await idsOf('')).toEqual([own]);
  const portal = world.as({ agencyId: p.commune.agency.id, officerId: 'portal', roles: ['system'] }).drafts;
  expect((await portal.listDrafts({ owner })).drafts.map(({ id }) => id)).toEqual([draftId]);
});

test('other agencies do not learn that a draft exists', async () => {
  const { draftId } = await save({ owner: freshOwner(), lodging: unfinished });
  const others = drafts(p.otherCommune);
  for (const attempt of [
    () => others.getDraft({ draftId }),
    () => others.discardDraft({ requestId: randomUUID(), draftId }),
    () => save({ draftId, version: 1n, lodging: unfinished }, p.otherCommune),
  ])
    expect(await refusalOf(attempt())).toMatchObject({ code: 'NOT_FOUND', reason: 'DRAFT_UNKNOWN' });
  expect((await drafts().getDraft({ draftId })).draft?.version).toBe(1n);
});

test('an owner has at most 20, also when many are saved at once', async () => {
  const owner = freshOwner();
  const saved = await Promise.allSettled(
    Array.from({ length: 25 }, () => save({ owner, lodging: unfinished })),
  );
  expect(saved.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  expect(await refusalOf(save({ owner, lodging: unfinished }))).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_DRAFTS',
  });
});

test('what is too large or names no file of the agency is refused with its field', async () => {
  const owner = freshOwner();
  const violations = async (of: DeepPartial<LodgeDossierRequest> | undefined) =>
    (await refusalOf(save({ owner, lodging: of }))).violations;
  expect(await violations(undefined)).toEqual(['lodging FIELD_REQUIRED']);
  expect(await violations({ data: { a: 'x'.repeat(65_536) } })).toEqual(['lodging TOO_LARGE']);
  expect(await violations({ papers: [{ sha256: 'ABC' }] })).toEqual([
    'lodging.papers[0].sha256 DIGEST_INVALID',
  ]);
  const { sha256 } = await world.as(p.otherCommune.officer).uploadDossierFile(randomBytes(100));
  expect(await violations({ papers: [{ sha256: '' }, { sha256 }] })).toEqual([
    'lodging.papers[1].sha256 FILE_NOT_UPLOADED',
  ]);
  expect((await drafts().listDrafts({ owner })).drafts).toEqual([]);
});

test('a file stays as long as a draft names it', async () => {
  const { sha256 } = await world.as(p.commune.officer).uploadDossierFile(randomBytes(100));
  const carriers = async () =>
    (
      await world.db.query<{ owner_id: string }>({
        text: `select owner_id from file_use where sha256 = decode($1, 'hex')`,
        values: [sha256],
      })
    ).map((row) => row.owner_id);
  const papers = [{ key: 'don', sha256 }];
  const owner = freshOwner();
  const { draftId } = await save({ owner, lodging: { papers } });
  const { draftId: other } = await save({ owner, lodging: { papers } });
  expect((await carriers()).sort()).toEqual([draftId, other].sort());
  await save({ draftId, version: 1n, lodging: {} });
  expect(await carriers()).toEqual([other]);
  await drafts().discardDraft({ requestId: randomUUID(), draftId: other });
  expect(await carriers()).toEqual([]);
});

test('a file that its data names is one of the draft', async () => {
  const owner = freshOwner();
  const { sha256 } = await world.as(p.commune.officer).uploadDossierFile(randomBytes(100));
  const { sha256: ofOthers } = await world.as(p.otherCommune.officer).uploadDossierFile(randomBytes(100));
  const usesOf = async (draftId: string) =>
    (
      await world.db.query<{ sha256: string }>({
        text: `select encode(sha256, 'hex') as sha256 from file_use where owner_id = $1`,
        values: [draftId],
      })
    ).map((row) => row.sha256);
  const procedureCode = drawing.code;
  const refused = save({ owner, lodging: { procedureCode, data: { 'plans[0].file': ofOthers } } });
  expect((await refusalOf(refused)).violations).toEqual(['lodging.data.plans[0].file FILE_NOT_UPLOADED']);
  // A text that only looks like a digest names no file.
  const data = { 'plans[0].file': sha256, note: ofOthers };
  const { draftId } = await save({ owner, lodging: { procedureCode, data } });
  expect(await usesOf(draftId)).toEqual([sha256]);
  // The procedure may be named later.
  await save({ draftId, version: 1n, lodging: { data } });
  expect(await usesOf(draftId)).toEqual([sha256]);
  await save({ draftId, version: 2n, lodging: { procedureCode, data: {} } });
  expect(await usesOf(draftId)).toEqual([]);
});

test('a draft that nobody saves for 30 days is gone, with its use of files', async () => {
  world.clock.set(START);
  const { sha256 } = await world.as(p.commune.officer).uploadDossierFile(randomBytes(100));
  const owner = freshOwner();
  const { draftId } = await save({ owner, lodging: { papers: [{ sha256 }] } });
  world.clock.advance(29 * DAY_MS);
  await save({ draftId, version: 1n, lodging: { papers: [{ sha256 }] } });
  world.clock.advance(29 * DAY_MS);
  expect((await drafts().listDrafts({ owner })).drafts).toHaveLength(1);
  world.clock.advance(DAY_MS);
  expect(await refusalOf(drafts().getDraft({ draftId }))).toMatchObject({ reason: 'DRAFT_UNKNOWN' });
  expect((await drafts().listDrafts({ owner })).drafts).toEqual([]);
  const now = new Date(Date.parse(START) + 59 * DAY_MS);
  let forgotten = 0;
  for await (const n of forgetDrafts(world.db, now)) forgotten += n;
  expect(forgotten).toBeGreaterThan(0);
  const left = await world.db.query({
    text: `select id from dossier_draft where id = $1
           union all select owner_id from file_use where owner_id = $1`,
    values: [draftId],
  });
  expect(left).toEqual([]);
  world.clock.set(START);
});

test('the successor goes on with the drafts of an agency that ends, which saves none any more', async () => {
  const owner = freshOwner();
  const { draftId } = await save({ owner, lodging: unfinished }, p.otherCommune);
  await world.announce(ended(p.otherCommune.agency, '2026-01-15', successor.agency.id));
  expect(await refusalOf(save({ owner, lodging: unfinished }, p.otherCommune))).toMatchObject({
    reason: 'AGENCY_ENDED',
  });
  expect((await drafts(successor).listDrafts({ owner })).drafts.map(({ id }) => id)).toEqual([draftId]);
  await save({ draftId, version: 1n, lodging: unfinished }, successor);
  expect((await drafts(successor).getDraft({ draftId })).draft?.version).toBe(2n);
});
