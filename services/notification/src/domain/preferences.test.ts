import { MessageChannel as C, Language, Preferences, Topic } from '@lienthong/contracts/notification';
import { expect, test } from 'vitest';
import { allEffective, effective } from './preferences.ts';

const agency = Preferences.fromPartial({
  topics: [
    { topic: Topic.OVERDUE, channels: [C.SMS] },
    { topic: Topic.DEADLINE_NEAR, channels: [C.EMAIL], digest: true },
  ],
  language: Language.EN,
  quietOutsideOfficeHours: true,
  digestAt: '16:00',
});

test('nobody has said anything: in-app and e-mail at once, in Vietnamese', () => {
  expect(effective(undefined, undefined, Topic.OVERDUE)).toEqual({
    channels: [C.IN_APP, C.EMAIL],
    digest: false,
    language: Language.VI,
    quiet: false,
    digestAt: '08:00',
  });
});

test('as the agency says', () => {
  expect(effective(undefined, agency, Topic.OVERDUE)).toEqual({
    channels: [C.IN_APP, C.SMS],
    digest: false,
    language: Language.EN,
    quiet: true,
    digestAt: '16:00',
  });
});

test('topic by topic as the person says, the rest as the agency', () => {
  const own = Preferences.fromPartial({
    topics: [{ topic: Topic.OVERDUE, channels: [] }],
    digestAt: '07:30',
  });
  expect(effective(own, agency, Topic.OVERDUE).channels).toEqual([C.IN_APP]);
  expect(effective(own, agency, Topic.DEADLINE_NEAR)).toEqual({
    channels: [C.IN_APP, C.EMAIL],
    digest: true,
    language: Language.VI,
    quiet: false,
    digestAt: '07:30',
  });
});

test('all that holds, each topic once', () => {
  const { topics } = allEffective(undefined, agency);
  expect(topics.map(({ topic }) => topic)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
