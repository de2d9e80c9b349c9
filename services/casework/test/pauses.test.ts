import { randomUUID } from 'node:crypto';
import { DossierStatus, SupplementRequested } from '@lienthong/contracts/casework';
import { createSealer, reasonPlace } from '@lienthong/kit';
import { refusalOf, refusalsOf } from '@lienthong/testkit';
import { sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, SEALING_KEYS, type World } from './support/world.ts';

const S = DossierStatus;
const DAY_MS = 24 * 3_600_000;
const p = sampleProvince();
const building = fourSteps();
const single = procedure(sequence('s', step('mot'), step('hai')));

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building, single);
});
afterAll(() => world.stop());

const clerk = () => world.as(p.commune.clerk).casework;
const officer = () => world.as(p.commune.officer).casework;
const on = (dossierId: string) => ({ requestId: randomUUID(), dossierId });
const seen = (dossierId: string) => dossierOf(world.as(p.commune.clerk), dossierId);

async function lodge(of = single) {
  const { dossierId, dueAt } = await clerk().lodgeDossier(lodging(of));
  if (!dueAt) throw new Error('an accepted dossier has a deadline');
  return { id: dossierId, dueAt };
}

test('a supplement pauses the clock, is requested once, and restarts it from zero', async () => {
  const { id, dueAt } = await lodge();
  const content = 'Bản vẽ mặt bằng; giấy tờ về quyền sử dụng đất';
  const requested = await officer().requestSupplement({ ...on(id), content });
  expect(requested.standing).toMatchObject({ status: S.SUPPLEMENT_REQUESTED, dueAt: undefined });
  expect(await seen(id)).toMatchObject({ supplementContent: content, supplements: 1, dueAt: undefined });
  expect(await refusalOf(complete(world.as(p.commune.officer), id, 1))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'DOSSIER_PAUSED',
  });
  world.clock.advance(7 * DAY_MS);
  const { sha256 } = await world.as(p.commune.clerk).uploadDossierFile(Buffer.from('Bản vẽ mặt bằng'));
  const papers = [{ name: 'Bản vẽ mặt bằng', sha256 }];
  const { standing } = await clerk().receiveSupplement({ ...on(id), papers });
  expect(standing?.status).toBe(S.ACCEPTED);
  expect(standing?.dueAt?.getTime()).toBeGreaterThanOrEqual(dueAt.getTime() + 7 * DAY_MS);
  const dossier = await seen(id);
  expect(dossier).toMatchObject({ supplementContent: '', supplements: 1 });
  expect(dossier.papers.map(({ name }) => name)).toEqual(['Đơn đề nghị', 'Bản vẽ mặt bằng']);
  expect(await refusalOf(officer().requestSupplement({ ...on(id), content }))).toMatchObject({
    reason: 'SUPPLEMENT_ALREADY_ASKED',
  });
});

test('events have what is missing only sealed, for the citizen', async () => {
  const { id } = await lodge();
  const content = 'Bản vẽ mặt bằng của bà Nguyễn Thị Hoa';
  await officer().requestSupplement({ ...on(id), content });
  const rows = await world.db.query<{ payload: Buffer }>({
    text: 'select payload from event where aggregate_id = $1 and type = $2',
    values: [id, 'lienthong.casework.v1.SupplementRequested'],
  });
  const { sealedReason, dossier } = SupplementRequested.decode(rows[0]?.payload ?? Buffer.alloc(0));
  expect(rows[0]?.payload.toString('utf8')).not.toContain('Hoa');
  expect(createSealer(SEALING_KEYS).open(sealedReason, reasonPlace(id))).toBe(content);
  expect(dossier?.receiverId).toBe(p.commune.clerk.id);
});

test('a payment pauses the clock until its receipt is recorded', async () => {
  const { id, dueAt } = await lodge();
  await officer().requestPayment({ ...on(id), amountVnd: 150_000n, content: 'Lệ phí trước bạ' });
  expect(await seen(id)).toMatchObject({
    status: S.PAYMENT_REQUESTED,
    paymentDueVnd: 150_000n,
    paymentContent: 'Lệ phí trước bạ',
  });
  world.clock.advance(7 * DAY_MS);
  const { standing } = await clerk().recordPayment({ ...on(id), amountVnd: 150_000n, receipt: 'BL-01/2026' });
  expect(standing?.status).toBe(S.ACCEPTED);
  expect(standing?.dueAt?.getTime()).toBeGreaterThan(dueAt.getTime());
  expect(await seen(id)).toMatchObject({
    paymentDueVnd: 0n,
    paymentContent: '',
    payments: [{ amountVnd: 150_000n, receipt: 'BL-01/2026', at: expect.any(Date) }],
  });
});

test('a dossier is stopped with a reason, and resumed', async () => {
  const { id } = await lodge();
  await officer().stopDossier({ ...on(id), reason: 'Có tranh chấp đang được giải quyết' });
  expect(await seen(id)).toMatchObject({
    status: S.STOPPED,
    reason: 'Có tranh chấp đang được giải quyết',
    dueAt: undefined,
  });
  expect(await refusalOf(officer().stopDossier({ ...on(id), reason: 'x' }))).toMatchObject({
    reason: 'DOSSIER_PAUSED',
  });
  await officer().resumeDossier(on(id));
  expect((await complete(world.as(p.commune.officer), id, 1)).status).toBe(S.IN_PROGRESS);
});

test('a deadline is extended once, with an apology, at least a working day before it', async () => {
  const { id, dueAt } = await lodge();
  const reason = 'Chờ kết quả đo đạc lại';
  const later = new Date(dueAt.getTime() + 14 * DAY_MS);
  const extend = (to: Date) => officer().extendDeadline({ ...on(id), dueAt: to, reason });
  expect((await refusalOf(extend(new Date(dueAt.getTime() - DAY_MS)))).code).toBe('INVALID_ARGUMENT');
  const { standing } = await extend(later);
  expect(standing?.dueAt).toEqual(later);
  expect((await seen(id)).extension).toEqual({
    from: dueAt,
    to: later,
    provisional: false,
    reason,
    at: world.clock.now(),
  });
  expect(await refusalOf(extend(new Date(later.getTime() + DAY_MS)))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'EXTENSION_ALREADY_GIVEN',
  });
  const late = await lodge();
  world.clock.set(late.dueAt.toISOString());
  const tooLate = officer().extendDeadline({
    ...on(late.id),
    dueAt: new Date(late.dueAt.getTime() + 7 * DAY_MS),
    reason,
  });
  expect(await refusalOf(tooLate)).toMatchObject({ reason: 'EXTENSION_TOO_LATE' });
});

test('a withdrawn dossier stays closed', async () => {
  const { id } = await lodge(building);
  await clerk().withdrawDossier({ ...on(id), reason: 'Không còn nhu cầu' });
  const dossier = await seen(id);
  expect(dossier).toMatchObject({ status: S.WITHDRAWN, reason: 'Không còn nhu cầu', dueAt: undefined });
  const { dossiers } = await clerk().listDossiers({ text: dossier.code });
  expect(dossiers).toMatchObject([{ status: S.WITHDRAWN, dueAt: undefined, dueProvisional: false }]);
  expect(await refusalOf(clerk().explainDossierDeadline({ dossierId: id }))).toMatchObject({
    reason: 'NO_DEADLINE',
  });
  const { version } = dossier;
  const refusals = await refusalsOf([
    complete(world.as(p.commune.officer), id, 1),
    clerk().withdrawDossier({ ...on(id), reason: 'lần nữa' }),
    clerk().returnResult(on(id)),
    officer().requestSupplement({ ...on(id), content: 'x' }),
    officer().stopDossier({ ...on(id), reason: 'x' }),
    clerk().acceptDossier(on(id)),
  ]);
  for (const { code } of refusals) expect(code).toBe('FAILED_PRECONDITION');
  expect((await seen(id)).version).toBe(version);
});

test('a clock that goes backwards is refused and changes nothing', async () => {
  const { id } = await lodge();
  const now = world.clock.now();
  world.clock.advance(-DAY_MS);
  try {
    expect(await refusalOf(complete(world.as(p.commune.officer), id, 1))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CLOCK_BACKWARDS',
    });
  } finally {
    world.clock.set(now.toISOString());
  }
  expect((await complete(world.as(p.commune.officer), id, 1)).openTasks).toEqual([2]);
});
