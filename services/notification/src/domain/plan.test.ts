import { Language, MessageChannel, Priority, Topic } from '@lienthong/contracts/notification';
import { vietnamCalendar } from '@lienthong/working-time';
import { expect, test } from 'vitest';
import { planFor } from './plan.ts';
import { RecipientKind } from './recipients.ts';
import type { KnownChannel } from './topics.ts';

const { EMAIL, SMS } = MessageChannel;
const citizen = { kind: RecipientKind.CITIZEN, id: 'd1', agencyId: '' };

test.each([
  ['the chosen one', [SMS, EMAIL], [EMAIL, SMS], [SMS]],
  ['the other one without a provider of the chosen one', [SMS, EMAIL], [EMAIL], [EMAIL]],
  ['none without an address', [], [EMAIL, SMS], []],
] as const)('a citizen gets a message by one channel: %s', (_, reachable, configured, channels) => {
  const planned = planFor(
    {
      eventId: 'e1',
      topic: Topic.DOSSIER_STATUS,
      priority: Priority.NORMAL,
      audience: { who: 'follower', dossierId: 'd1', agencyId: '' },
      values: {},
      dossierCode: '',
      documentId: '',
    },
    citizen,
    {
      preferences: () => undefined,
      reachable: () => reachable,
      hasEndpoint: () => false,
      languageOf: () => Language.VI,
    },
    { configured: new Set<KnownChannel>(configured), calendarOf: () => vietnamCalendar, now: new Date(0) },
  );
  expect(planned.map(({ channel }) => channel)).toEqual(channels);
});
