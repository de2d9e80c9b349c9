import { MessageChannel as C, Language, Preferences, Topic } from '@lienthong/contracts/notification';
import { expect, test } from 'vitest';
import { allEffectivePreferences, effectivePreferences } from './preferences.ts';

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
  expect(topics.map(({ topic }) => topic)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
});
