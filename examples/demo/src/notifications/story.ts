import type { AgencyClient } from '@lienthong/client';
import { eventContracts } from '@lienthong/contracts/events';
import { vietnamDate } from '@lienthong/kit';
import { settled } from '@lienthong/sample-data';
import type { Platform } from '@lienthong/standalone';
import type { Party } from '../agencies.ts';
import type { Case } from '../dossiers/ledger.ts';
import type { Offices } from '../dossiers/officers.ts';
import type { Stage } from '../stage.ts';
import { CASEWORK } from './concerned.ts';
import { ROUTING } from './feed.ts';
import { type Follower, startFollowing } from './follower.ts';
import { followAsCitizen, giveContacts, type People, wantsToFollow } from './people.ts';
import { printFirst } from './samples.ts';
import type { Servers } from './servers.ts';

const WEBHOOK = 'Hệ thống xử lý hồ sơ và văn bản';
/** Types that feeds and webhooks do not take. */
const FOR_AUDIT_ALONE = /\.(ReplayRequested|ReadsRecorded|PaymentProblemSettled)$/;
export const WEBHOOK_TYPES = Object.keys(eventContracts).filter(
  (type) => (type.startsWith(CASEWORK) || type.startsWith(ROUTING)) && !FOR_AUDIT_ALONE.test(type),
);
/** The receiver answers the next requests by 500 after so many events. */
export const FAILS = { after: 25, times: 5 };

/** The people and systems that are notified during the story. */
export interface Notifications {
  stage: Stage;
  admin: AgencyClient;
  servers: Servers;
  people: People;
  commune: Party;
  department: Party;
  follower: Follower;
  hook: { client: AgencyClient; id: string; beginning: string };
  close(): Promise<void>;
}

/** Before the story starts, a commune's system follows its feed and a department gets a webhook. */
export async function beginNotifications(
  stage: Stage,
  admin: AgencyClient,
  servers: Servers,
  { commune, department }: { commune: Party; department: Party },
): Promise<Notifications> {
  const { platform, clock, print } = stage;
  const client = await administratorOf(platform, admin, department, vietnamDate(clock.now()));
  try {
    const hook = await createWebhook(client, servers);
    const follower = await startFollowing({
      connect: () => communeSystem(platform, commune),
      now: () => clock.now().getTime(),
      onEvent: printFirst((text) => print(`  → ${commune.name}: ${text}`)),
    });
    return {
      ...{ stage, admin, servers, commune, department, follower, hook },
      people: { persons: [], arrivedBefore: 0, citizens: [] },
      async close() {
        client.close();
        await follower.stop();
      },
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** A client of the agency's own administrator, who manages its webhooks and reads its events. */
async function administratorOf(
  platform: Platform,
  admin: AgencyClient,
  { id: agencyId }: Party,
  today: string,
): Promise<AgencyClient> {
  const there = await Array.fromAsync(admin.officers({ agencyId, at: today }));
  const roles = ['admin' as const, 'officer' as const];
  const found =
    there.find((one) => one.roles.includes('admin')) ??
    (
      await admin.directory.appointOfficer({
        agencyId,
        fullName: 'Lê Văn Quản Trị',
        position: 'Quản trị hệ thống',
        roles,
        validFrom: today,
      })
    ).officer;
  if (!found) throw new Error(`no administrator was appointed at ${agencyId}`);
  return platform.connect({ agencyId, officerId: found.id, roles }, admin.written());
}

/** A connection of the commune's own system. */
export const communeSystem = (platform: Platform, { id: agencyId }: Party): AgencyClient =>
  platform.connect({ agencyId, officerId: 'he-thong-mot-cua', roles: ['system'] });

async function createWebhook(client: AgencyClient, { receiver }: Servers): Promise<Notifications['hook']> {
  const { webhooks } = await client.webhooks.listWebhooks({});
  // Left by an interrupted run, whose receiver no longer exists.
  for (const { id, description } of webhooks)
    if (description === WEBHOOK) await client.webhooks.deleteWebhook({ webhookId: id });
  const { cursor: beginning } = await client.feed.listEvents({ pageSize: 1 });
  const { webhook, secret } = await client.webhooks.createWebhook({
    url: receiver.url,
    types: WEBHOOK_TYPES,
    description: WEBHOOK,
  });
  if (!webhook) throw new Error('the reply has no webhook');
  receiver.trust(secret);
  receiver.fail(FAILS.after, FAILS.times);
  return { client, id: webhook.id, beginning };
}

/** Officers and heads set their contacts. */
export async function giveAddresses(
  { people, stage }: Notifications,
  offices: Offices,
  agencyIds: readonly string[],
): Promise<void> {
  people.arrivedBefore = stage.ledger.arrivals.length;
  people.persons.push(...(await giveContacts(offices, agencyIds)));
}

/** Citizens who have just been given their receipts opt in. */
export async function optIn({ stage, admin, people }: Notifications, lodged: readonly Case[]): Promise<void> {
  const curious = lodged.filter(wantsToFollow);
  if (curious.length === 0) return;
  // After this, every change of these dossiers gives a notification; notification knows all lodged dossiers.
  await settled(admin);
  await Promise.all(curious.map((one) => followAsCitizen(stage.platform, people, one)));
}
