import { randomUUID } from 'node:crypto';
import { AssignmentKind } from '@lienthong/contracts/casework';
import { officer } from '@lienthong/reference-data/testing';
import { ADMIN, refusalOf, refusalsOf } from '@lienthong/testkit';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

const KEY = 'task-assigned/email/vi';
const CODE = 'H61.29542-260115-0001';
const WAIT = 20_000;

let world: World;
let operations: World['admin']['notificationOperations'];
beforeAll(async () => {
  world = await openWorld();
  operations = world.admin.notificationOperations;
});
afterAll(() => world.stop());

const save = (given: { key?: string; title?: string; body?: string; requestId?: string }) =>
  operations.saveTemplate({ key: KEY, title: 'Giao hồ sơ {dossierCode}', body: 'Kính gửi Ông/Bà', ...given });

test('the shipped ones are listed, one version each', async () => {
  const { templates } = await operations.listTemplates({});
  expect(templates).toHaveLength(152);
  expect(templates.find(({ key }) => key === KEY)).toMatchObject({
    version: 1,
    title: 'Giao xử lý hồ sơ {dossierCode}',
    savedBy: '',
  });
  expect((await operations.listTemplates({ key: 'overdue/sms/en' })).templates).toHaveLength(1);
});

test('values in either Unicode form are NFC in the mail and in the application', async () => {
  const { commune } = await province(world);
  const expected = 'Thẩm định hồ sơ đất đai ở xã Tân Hòa'.normalize('NFC');
  const mails: { subject: string; text: string }[] = [];
  for (const form of ['NFC', 'NFD'] as const) {
    const one = officer({ agencyId: commune.id, fullName: 'Người Nhận' });
    const email = `${form.toLowerCase()}@xa.example`;
    await world.appoint(one);
    await world.as(one).notifications.setContact({ contact: { email, phone: '' } });
    const task = expected.normalize(form);
    await world.publishAndWait(dossierEvents(commune, CODE).assigned(one, AssignmentKind.ASSIGNED, task));
    const mail = await vi.waitFor(() => {
      const found = world.post.mails.find(({ to }) => to === email);
      if (found === undefined) throw new Error('not yet');
      return found;
    }, WAIT);
    const { subject = '', text = '' } = await simpleParser(mail.raw);
    mails.push({ subject, text });
    const { messages } = await world.as(one).notifications.listMessages({});
    const inApp = `${messages[0]?.title} ${messages[0]?.body}`;
    expect(inApp).toContain(expected);
    expect(inApp).toBe(inApp.normalize('NFC'));
  }
  expect(mails[1]).toEqual(mails[0]);
  expect(mails[0]?.text).toContain(expected);
});

test('a saved one is what the next message is written with; earlier versions stay', async () => {
  const key = 'task-assigned/email/en';
  const title = 'Giao hồ sơ {dossierCode}'.normalize('NFD');
  const { template } = await save({ title, body: 'Kính gửi Ông/Bà,\n\nHạn: {dueAt, date, short}.' });
  expect(template).toMatchObject({
    key: KEY,
    version: 2,
    savedBy: ADMIN.officerId,
    title: title.normalize('NFC'),
  });
  expect(template?.savedAt).toEqual(world.clock.now());
  const { templates } = await operations.listTemplates({ key: KEY });
  expect(templates.map(({ version }) => version)).toEqual([2, 1]);
  expect((await operations.listTemplates({ key })).templates).toHaveLength(1);

  const { commune } = await province(world);
  const one = officer({ agencyId: commune.id, fullName: 'Người Nhận' });
  await world.appoint(one);
  await world.as(one).notifications.setContact({ contact: { email: 'an@xa.example', phone: '' } });
  await world.publishAndWait(dossierEvents(commune, CODE).assigned(one));
  await vi.waitFor(() => expect(world.post.mails.map(({ to }) => to)).toContain('an@xa.example'), WAIT);
  const mail = await simpleParser(world.post.mails.at(-1)?.raw ?? '');
  expect(mail.subject).toBe(`Giao hồ sơ ${CODE}`);
  await vi.waitFor(async () => {
    const { notifications } = await operations.listNotifications({ dossierCode: CODE });
    expect(notifications.find(({ templateKey }) => templateKey === KEY)?.templateVersion).toBe(2);
  }, WAIT);
});

test('the same request is carried out once; many at the same time each get their own version', async () => {
  const key = 'overdue/sms/vi';
  const requestId = randomUUID();
  const [first, again] = [await save({ key, requestId }), await save({ key, requestId })];
  expect(again).toEqual(first);
  const saved = await Promise.all(Array.from({ length: 10 }, (_, i) => save({ key, title: `Bản ${i}` })));
  const versions = saved.map(({ template }) => template?.version).sort((a = 0, b = 0) => a - b);
  expect(versions).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect((await operations.listTemplates({ key })).templates).toHaveLength(12);
});

test('one that would fail is not saved, and the violations name place and reason', async () => {
  const before = (await operations.listTemplates({ key: KEY })).templates.length;
  const wrong = save({ title: 'Hồ sơ {soHoSo}', body: 'Dòng một\n{dueAt, date, ngan} {' });
  expect(await refusalOf(wrong)).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'VARIABLE_UNKNOWN',
    violations: ['title VARIABLE_UNKNOWN', 'body TEMPLATE_SYNTAX'],
  });
  const quoted = { key: KEY, body: "Hồ sơ '{dossierCode}'" };
  for (const refusal of await refusalsOf([save(quoted), operations.previewTemplate(quoted)]))
    expect(refusal).toMatchObject({ violations: ['body VARIABLE_QUOTED'] });
  expect(await refusalOf(save({ title: ' ' }))).toMatchObject({ violations: ['title FIELD_REQUIRED'] });
  expect(await refusalOf(save({ key: 'task-assigned/fax/vi' }))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'TEMPLATE_NOT_FOUND',
  });
  expect((await operations.listTemplates({ key: KEY })).templates).toHaveLength(before);
});

test('a preview shows the example, with the text and values given, and keeps nothing', async () => {
  const key = 'directive-due/sms/vi';
  expect(await operations.previewTemplate({ key })).toEqual({
    title: 'Văn bản 12/KH-UBND: nhiệm vụ đến hạn ngày 20/01/2026',
    body: 'Nhiệm vụ tại văn bản 12/KH-UBND của Ủy ban nhân dân tỉnh Vĩnh Long đến hạn ngày 20/01/2026.',
  });
  const given = {
    key,
    title: 'Hạn {dueOn, date, short}',
    values: { dueOn: '2026-02-28', documentNumber: '{x}' },
  };
  expect(await operations.previewTemplate(given)).toEqual({
    title: 'Hạn 28/02/2026',
    body: 'Nhiệm vụ tại văn bản {x} của Ủy ban nhân dân tỉnh Vĩnh Long đến hạn ngày 28/02/2026.',
  });
  expect((await operations.listTemplates({ key })).templates).toHaveLength(1);
  // What is not given comes from the newest version kept.
  await save({ key, title: 'Sắp đến hạn', body: 'Đề nghị báo cáo' });
  expect((await operations.previewTemplate({ key, body: 'x' })).title).toBe('Sắp đến hạn');
});

test('a preview with invalid values or an invalid text is refused', async () => {
  const key = 'digest/email/en';
  const values = { count: 'ba', soHoSo: 'x', hasCount: 'true' };
  expect(await refusalOf(operations.previewTemplate({ key, values }))).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'VALUE_INVALID',
    violations: [
      'values["count"] VALUE_INVALID',
      'values["soHoSo"] VALUE_INVALID',
      'values["hasCount"] VALUE_INVALID',
    ],
  });
  expect(
    await refusalOf(operations.previewTemplate({ key, body: '{lines, plural, other {#}}' })),
  ).toMatchObject({
    violations: ['body VARIABLE_TYPE'],
  });
  expect((await operations.previewTemplate({ key, values: { count: '1' } })).title).toBe(
    '1 new notification',
  );
});

test('templates are for operators alone', async () => {
  const { notificationOperations } = world.as({ id: 'x', agencyId: randomUUID(), roles: ['leader'] });
  for (const call of [
    () => notificationOperations.listTemplates({}),
    () => notificationOperations.previewTemplate({ key: KEY }),
    () => notificationOperations.saveTemplate({ key: KEY, title: 'x', body: 'x' }),
  ])
    expect(await refusalOf(call())).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ROLE_MISSING' });
});
