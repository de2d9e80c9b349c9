import { createHash } from 'node:crypto';
import { decodeEvent, type EventType } from '@lienthong/contracts/events';
import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { officer } from '@lienthong/reference-data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

interface Row {
  type: string;
  actor_agency_id: string;
  actor_officer_id: string;
  subject: string;
  payload: Buffer;
}

/** The acts of one kind, with their authors. */
async function acts(name: string) {
  const type = `lienthong.notification.v1.${name}` as EventType;
  const rows = await world.db.query<Row>({
    text: `select type, actor_agency_id, actor_officer_id, subject, payload from event where type = $1 order by position`,
    values: [type],
  });
  for (const { subject } of rows) expect(subject.endsWith('._')).toBe(true);
  return rows.map((row) => ({
    by: row.actor_officer_id,
    of: row.actor_agency_id,
    payload: decodeEvent(type, row.payload) as unknown,
  }));
}

test('every change that people make is an event, without contacts and texts', async () => {
  const { commune } = await province(world);
  const one = officer({ agencyId: commune.id, fullName: 'Nguyễn Văn Mẫu', roles: ['leader', 'officer'] });
  await world.appoint(one);
  const own = world.as(one).notifications;
  const operations = world.admin.notificationOperations;

  const [title, body] = ['Giao hồ sơ {dossierCode}', 'Kính gửi Ông/Bà'];
  await operations.saveTemplate({ key: 'task-assigned/email/vi', title, body });
  await operations.resendFailed({ channel: MessageChannel.SMS });
  await own.setContact({ contact: { email: 'mau@xa.example', phone: '' } });
  const preferences = {
    topics: [{ topic: Topic.OVERDUE, channels: [MessageChannel.EMAIL], digest: false }],
  };
  await own.setPreferences({ preferences });
  await own.setAgencyPreferences({ preferences });
  await own.setAgencyEndpoint({ url: 'https://8.8.8.8/hook?key=secret' });
  await own.setAgencyEndpoint({ url: '' });

  const digest = createHash('sha256').update(`${title}\n${body}`).digest('hex');
  expect(await acts('TemplateSaved')).toMatchObject([
    { by: 'quản trị', payload: { key: 'task-assigned/email/vi', version: 2, digest } },
  ]);
  expect(await acts('FailedNotificationsResent')).toMatchObject([
    { by: 'quản trị', payload: { channel: MessageChannel.SMS, resent: 0 } },
  ]);
  const by = { by: one.id, of: commune.id };
  expect(await acts('ContactSet')).toMatchObject([
    { ...by, payload: { officerId: one.id, hasEmail: true, hasPhone: false } },
  ]);
  expect(await acts('PreferencesSet')).toMatchObject([
    { ...by, payload: { officerId: one.id, agencyId: '', topics: [Topic.OVERDUE] } },
    { ...by, payload: { officerId: '', agencyId: commune.id, topics: [Topic.OVERDUE] } },
  ]);
  expect(await acts('AgencyEndpointSet')).toMatchObject([
    { ...by, payload: { agencyId: commune.id, origin: 'https://8.8.8.8' } },
    { ...by, payload: { agencyId: commune.id, origin: '' } },
  ]);

  const rows = await world.db.query<Row>({ text: 'select payload from event' });
  const text = rows.map(({ payload }) => payload.toString('latin1')).join();
  for (const secret of ['mau@xa.example', 'key=secret', 'Kính']) expect(text).not.toContain(secret);
});

test('a repeated request is one act', async () => {
  const { commune } = await province(world);
  const one = officer({ agencyId: commune.id, fullName: 'Người Lặp' });
  await world.appoint(one);
  const request = { requestId: crypto.randomUUID(), contact: { email: 'lap@xa.example', phone: '' } };
  await world.as(one).notifications.setContact(request);
  await world.as(one).notifications.setContact(request);
  expect((await acts('ContactSet')).filter(({ by }) => by === one.id)).toHaveLength(1);
});
