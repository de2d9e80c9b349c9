import { MessageChannel as C, Language, Preferences, Topic } from '@lienthong/contracts/notification';
import { expect, test } from 'vitest';
import { allEffectivePreferences, effectivePreferences, withoutMail } from './preferences.ts';
import { DIGEST_TOPIC } from './topics.ts';

const agency = Preferences.fromPartial({
  topics: [
    { topic: Topic.OVERDUE, channels: [C.SMS] },
    { topic: Topic.DEADLINE_NEAR, channels: [C.EMAIL], digest: true },
  ],
  language: Language.EN,
  quietOutsideOfficeHours: true,
  digestAt: '16:00',
});

test('without preferences: in-app and e-mail at once, in Vietnamese', () => {
  expect(effectivePreferences(undefined, undefined, Topic.OVERDUE)).toEqual({
    channels: [C.IN_APP, C.EMAIL],
    digest: false,
    language: Language.VI,
    quiet: false,
    digestAt: '08:00',
  });
});

test('the preferences of the agency', () => {
  expect(effectivePreferences(undefined, agency, Topic.OVERDUE)).toEqual({
    channels: [C.IN_APP, C.SMS],
    digest: false,
    language: Language.EN,
    quiet: true,
    digestAt: '16:00',
  });
});

test('topic by topic the preferences of the person, the rest of the agency', () => {
  const own = Preferences.fromPartial({
    topics: [{ topic: Topic.OVERDUE, channels: [] }],
    digestAt: '07:30',
  });
  expect(effectivePreferences(own, agency, Topic.OVERDUE).channels).toEqual([C.IN_APP]);
  expect(effectivePreferences(own, agency, Topic.DEADLINE_NEAR)).toEqual({
    channels: [C.IN_APP, C.EMAIL],
    digest: true,
    language: Language.VI,
    quiet: false,
    digestAt: '07:30',
  });
});

test('all effective preferences contain each topic once', () => {
  const { topics } = allEffectivePreferences(undefined, agency);
  expect(topics.map(({ topic }) => topic)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20,
  ]);
});

test('without mails of a topic all other preferences stay', () => {
  const { EMAIL, IN_APP, SMS } = C;
  const set = (topic: Topic, channels: C[], digest = false) => ({ topic, channels, digest });
  const own = Preferences.fromPartial({
    topics: [set(Topic.OVERDUE, [EMAIL, SMS]), set(Topic.ESCALATION, [EMAIL])],
    digestAt: '10:00',
  });
  const collecting = Preferences.fromPartial({ topics: [set(Topic.TASK_ASSIGNED, [EMAIL, SMS], true)] });
  expect(withoutMail(own, collecting, Topic.OVERDUE)).toMatchObject({
    topics: [set(Topic.ESCALATION, [EMAIL]), set(Topic.OVERDUE, [IN_APP, SMS])],
    digestAt: '10:00',
  });
  expect(withoutMail(own, collecting, DIGEST_TOPIC).topics).toEqual([
    ...own.topics,
    set(Topic.TASK_ASSIGNED, [IN_APP, SMS], true),
  ]);
  expect(withoutMail(undefined, undefined, Topic.OVERDUE).topics).toEqual([set(Topic.OVERDUE, [IN_APP])]);
});
