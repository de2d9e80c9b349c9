import { setTimeout as sleep } from 'node:timers/promises';
import { type AgencyClient, LienThongError } from '@lienthong/client';
import { MessageChannel } from '@lienthong/contracts/notification';
import { settled } from '@lienthong/sample-data';
import type { Party } from '../agencies.ts';
import type { Case } from '../dossiers/ledger.ts';
import { CASEWORK, type Recorded } from './concerned.ts';
import { listAll, streamDifferences, webhookDifferences } from './feed.ts';
import { BREAKS } from './follower.ts';
import { caseDifferences, mailDifferences, mailFrom, messageDifferences } from './mails.ts';
import type { Person } from './people.ts';
import { type NotificationTotals, notificationReport } from './report.ts';
import { communeSystem, FAILS, type Notifications, WEBHOOK_TYPES } from './story.ts';

const WAIT_MS = 20_000;

export interface StoryFacts {
  records: ReadonlyMap<string, readonly Recorded[]>;
  /** Public events by type. */
  everybody: ReadonlyMap<string, number>;
  cases: readonly Case[];
}

export interface VerifiedNotifications {
  totals: NotificationTotals;
  report: string;
  differences: string[];
}

/** Compares received events and mails with the acts of the story and with the pages of the feed. */
export async function verifyNotifications(
  notifications: Notifications,
  story: StoryFacts,
): Promise<VerifiedNotifications> {
  const { stage, admin, servers, people, commune, department, follower, hook } = notifications;
  const { mail, receiver } = servers;
  await settled(admin);
  const forged = await forge(receiver.url);
  const reader = communeSystem(stage.platform, commune);
  const [pages, pushed] = await Promise.all([
    listAll(reader, follower.beginning).finally(() => reader.close()),
    listAll(hook.client, hook.beginning, WEBHOOK_TYPES),
  ]);
  await within(async () => follower.events.length >= pages.length);
  await within(async () => receiver.taken.length >= pushed.length);
  await within(async () => (await pendingMails(admin)) === 0n);
  await follower.stop();
  const { attempts } = await hook.client.webhooks.listAttempts({
    webhookId: hook.id,
    failedOnly: true,
    pageSize: 200,
  });
  await hook.client.webhooks.deleteWebhook({ webhookId: hook.id });

  const factsOf = ({ id: agencyId }: Party) => ({
    agencyId,
    documents: stage.ledger.concerned.get(agencyId) ?? new Map(),
    ...story,
  });
  const mails = mail.arrived.map(mailFrom);
  const documents = await documentsOf(notifications);
  const inboxes = { ...people, records: story.records, documents };
  const messages = await Promise.all(people.persons.map((one) => readMessages(notifications, one, story)));
  const differences = [
    ...streamDifferences(follower.events, pages, factsOf(commune)),
    ...webhookDifferences(receiver.taken, pushed, { ...factsOf(department), everybody: new Map() }),
    ...mailDifferences(mails, inboxes),
    ...caseDifferences(mails, story.cases, people.persons),
    ...people.persons.flatMap((one, i) => messageDifferences(one, messages[i] ?? [], story.records)),
  ];
  const check = (what: string, is: number, should: number) => {
    if (is !== should) differences.push(`${what}: ${is}, should be ${should}`);
  };
  check('lines of the follower that broke', follower.resumed(), BREAKS.size);
  check('attempts answered by 500', receiver.refused(), FAILS.times);
  check('failed attempts in the log', attempts.length, FAILS.times);
  check('of them answered by 500', attempts.filter(({ status }) => status === 500).length, FAILS.times);
  check('requests that were not signed', receiver.unsigned(), forged);
  const citizens = new Set(people.citizens.map(({ email }) => email));
  const totals: NotificationTotals = {
    feed: { followed: follower.events.length, resumed: follower.resumed() },
    webhook: { delivered: receiver.taken.length, retried: receiver.refused() },
    mails: {
      sent: mails.length,
      citizens: mails.filter(({ to }) => to.some((one) => citizens.has(one))).length,
    },
    messages: messages.flat().length,
  };
  return {
    totals,
    differences,
    report: notificationReport({
      ...totals,
      follower: commune.name,
      receiver: department.name,
      followed: follower.events,
      signed: receiver.taken.length + receiver.refused(),
      unsigned: receiver.unsigned(),
      arrivedMails: mails,
    }),
  };
}

/** The documents that arrived at each officer's agency, or at the successor to which they went along. */
async function documentsOf({ admin, stage, people }: Notifications): Promise<Map<string, string[]>> {
  const arrivals = stage.ledger.arrivals.slice(people.arrivedBefore);
  const found = people.persons.map(async ({ officerId, agencyId }) => {
    const { agency } = await admin.directory.getAgency({ agencyId });
    const successorId = agency?.successors.find(({ main }) => main)?.successorId;
    const own = arrivals.filter((one) => one.agencyId === agencyId || one.agencyId === successorId);
    return [officerId, own.map(({ label }) => label)] as const;
  });
  return new Map(await Promise.all(found));
}

/** Somebody else writes to the receiver, who must not believe it. Resolves to how many requests that were. */
async function forge(url: string): Promise<number> {
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'webhook-id': 'gia-mao', 'webhook-timestamp': '1', 'webhook-signature': 'v1,Z2nh' },
    body: JSON.stringify({ type: `${CASEWORK}DossierFinished`, subject: 'dossier/gia-mao', sequence: '1' }),
  });
  return status === 401 ? 1 : 0;
}

async function pendingMails(admin: AgencyClient): Promise<bigint> {
  const { channels } = await admin.notificationOperations.getChannelStatus({});
  return channels.find(({ channel }) => channel === MessageChannel.EMAIL)?.pending ?? 0n;
}

/**
 * Of this story's dossiers. An officer who left with an agency that nobody succeeds reads nothing any more: an operator
 * sees what they were sent.
 */
async function readMessages(
  { admin }: Notifications,
  { client, officerId, agencyId }: Person,
  { records }: StoryFacts,
) {
  const codes = new Set([...records.values()].map((record) => record[0]?.payload.dossier?.code));
  const { agency } = await admin.directory.getAgency({ agencyId });
  const hasLeft = agency?.endedOn !== '' && !agency?.successors.some(({ main }) => main);
  const own = Array.fromAsync(client.messages({ pageSize: 200 }));
  const all = hasLeft ? await requireRefused(own, () => sentTo(admin, officerId)) : await own;
  return all.filter(({ dossierCode }) => codes.has(dossierCode));
}

const sentTo = (admin: AgencyClient, recipientId: string) =>
  Array.fromAsync(admin.notificationsSent({ recipientId, channel: MessageChannel.IN_APP, pageSize: 200 }));

/** What `instead` gives, once the call is refused because the caller's agency has ended. */
async function requireRefused<T>(call: Promise<unknown>, instead: () => Promise<T>): Promise<T> {
  const error: unknown = await call.then(
    () => new Error('an officer who left with their agency still reads'),
    (refused) => refused,
  );
  if (error instanceof LienThongError && error.reason === 'AGENCY_ENDED') return instead();
  throw error;
}

/** Waits for what is to come; what has not come in time is a difference. */
async function within(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WAIT_MS; performance.now() < end && !(await holds()); )
    await sleep(20);
}
