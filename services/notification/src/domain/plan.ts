import { Language, MessageChannel, type Preferences, Priority } from '@lienthong/contracts/notification';
import type { Calendar } from '@lienthong/working-time';
import type { Intent } from './intent.ts';
import { type Effective, effective } from './preferences.ts';
import { type Recipient, RecipientKind } from './recipients.ts';
import { templateKey } from './template-key.ts';
import { nextTimeOfDay, openingAt } from './times.ts';
import type { KnownChannel } from './topics.ts';

/** What is known of the people an intent may concern. */
export interface People {
  preferences(kind: RecipientKind, id: string): Preferences | undefined;
  /** The channels a person has an address for; of a citizen none when nobody follows the dossier. */
  reachable(recipient: Recipient): readonly KnownChannel[];
  /** True when the agency has a receiver of its own for the channel webhook. */
  hasEndpoint(agencyId: string): boolean;
  /** Of a citizen who follows a dossier. */
  languageOf(dossierId: string): Language | undefined;
}

export interface PlanSettings {
  /** Channels with a provider. */
  configured: ReadonlySet<KnownChannel>;
  calendarOf(agencyId: string): Calendar;
  now: Date;
}

/** One message to one recipient by one channel. */
export interface Planned {
  intent: Intent;
  recipient: Recipient;
  channel: KnownChannel;
  language: Exclude<Language, 0>;
  dueAt: Date;
  quiet: boolean;
  digest: boolean;
  templateKey: string;
}

/** The ways one person is told, and when. */
export function planFor(
  intent: Intent,
  recipient: Recipient,
  people: People,
  settings: PlanSettings,
): Planned[] {
  const wish = wishOf(intent, recipient, people);
  if (wish === undefined) return [];
  const reachable = people.reachable(recipient);
  const provided = (channel: KnownChannel) =>
    settings.configured.has(channel) ||
    (channel === MessageChannel.WEBHOOK && people.hasEndpoint(recipient.agencyId));
  return wish.channels
    .filter((channel) => provided(channel) && reachable.includes(channel))
    .map((channel) => ({
      intent,
      recipient,
      channel,
      language: wish.language,
      templateKey: templateKey(intent.topic, channel, wish.language),
      ...timing(intent, recipient, channel, wish, settings),
    }));
}

function wishOf(intent: Intent, { kind, id, agencyId }: Recipient, people: People): Effective | undefined {
  if (kind === RecipientKind.CITIZEN) {
    const language = people.languageOf(id);
    if (language === undefined) return undefined;
    return {
      channels: [MessageChannel.EMAIL, MessageChannel.SMS],
      digest: false,
      language: language || Language.VI,
      quiet: false,
      digestAt: '',
    };
  }
  const own = kind === RecipientKind.OFFICER ? people.preferences(kind, id) : undefined;
  return effective(own, people.preferences(RecipientKind.AGENCY, agencyId), intent.topic);
}

/** In-app waits for whoever looks; what is urgent waits for nobody. */
function timing(
  intent: Intent,
  { agencyId }: Recipient,
  channel: KnownChannel,
  wish: Effective,
  { calendarOf, now }: PlanSettings,
): Pick<Planned, 'dueAt' | 'quiet' | 'digest'> {
  if (channel === MessageChannel.IN_APP || intent.priority === Priority.URGENT)
    return { dueAt: now, quiet: false, digest: false };
  const at = wish.digest ? nextTimeOfDay(now, wish.digestAt) : now;
  const dueAt = wish.quiet ? openingAt(calendarOf(agencyId), at) : at;
  return { dueAt, quiet: wish.quiet, digest: wish.digest };
}
