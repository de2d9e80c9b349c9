import { Language, MessageChannel, type Preferences, Priority } from '@lienthong/contracts/notification';
import type { Calendar } from '@lienthong/working-time';
import type { Intent } from './intent.ts';
import { type EffectivePreferences, effectivePreferences } from './preferences.ts';
import { type Recipient, RecipientKind } from './recipients.ts';
import { templateKey } from './template-key.ts';
import { nextTimeOfDay, openingAt } from './times.ts';
import type { KnownChannel } from './topics.ts';

/** What planning knows of the recipients. */
export interface People {
  preferences(kind: RecipientKind, id: string): Preferences | undefined;
  /**
   * The channels that a recipient has an address for, of a citizen the chosen one first; none for a citizen who does not
   * follow the dossier.
   */
  reachable(recipient: Recipient): readonly KnownChannel[];
  /** True when the agency has a receiver of its own for the channel webhook. */
  hasEndpoint(agencyId: string): boolean;
  /** The language of the citizen who follows a dossier; undefined when there is none. */
  languageOf(dossierId: string): Language | undefined;
}

export interface PlanSettings {
  /** Channels with a provider. */
  configured: ReadonlySet<KnownChannel>;
  calendarOf(agencyId: string): Calendar;
  now: Date;
}

/** One message to one recipient by one channel. */
export interface PlannedMessage {
  intent: Intent;
  recipient: Recipient;
  channel: KnownChannel;
  language: Exclude<Language, 0>;
  dueAt: Date;
  quiet: boolean;
  digest: boolean;
  templateKey: string;
}

/** The messages of an intent to one recipient: one for each channel, with its time. */
export function planFor(
  intent: Intent,
  recipient: Recipient,
  people: People,
  settings: PlanSettings,
): PlannedMessage[] {
  const preferences = preferencesOf(intent, recipient, people);
  if (preferences === undefined) return [];
  const reachable = people.reachable(recipient);
  const provided = (channel: KnownChannel) =>
    settings.configured.has(channel) ||
    (channel === MessageChannel.WEBHOOK && people.hasEndpoint(recipient.agencyId));
  const usable = preferences.channels.filter((channel) => provided(channel) && reachable.includes(channel));
  // A citizen gets each message once.
  const channels = recipient.kind === RecipientKind.CITIZEN ? usable.slice(0, 1) : usable;
  return channels.map((channel) => ({
    intent,
    recipient,
    channel,
    language: preferences.language,
    templateKey: templateKey(intent.topic, channel, preferences.language),
    ...timing(intent, recipient, channel, preferences, settings),
  }));
}

function preferencesOf(
  intent: Intent,
  recipient: Recipient,
  people: People,
): EffectivePreferences | undefined {
  const { kind, id, agencyId } = recipient;
  if (kind === RecipientKind.CITIZEN) {
    const language = people.languageOf(id);
    if (language === undefined) return undefined;
    return {
      channels: people.reachable(recipient),
      digest: false,
      language: language || Language.VI,
      quiet: false,
      digestAt: '',
    };
  }
  const own = kind === RecipientKind.OFFICER ? people.preferences(kind, id) : undefined;
  return effectivePreferences(own, people.preferences(RecipientKind.AGENCY, agencyId), intent.topic);
}

/** In-app and urgent messages are due at once; others may wait for a digest or for office hours. */
function timing(
  intent: Intent,
  { agencyId }: Recipient,
  channel: KnownChannel,
  preferences: EffectivePreferences,
  { calendarOf, now }: PlanSettings,
): Pick<PlannedMessage, 'dueAt' | 'quiet' | 'digest'> {
  if (channel === MessageChannel.IN_APP || intent.priority === Priority.URGENT)
    return { dueAt: now, quiet: false, digest: false };
  const at = preferences.digest ? nextTimeOfDay(now, preferences.digestAt) : now;
  const dueAt = preferences.quiet ? openingAt(calendarOf(agencyId), at) : at;
  return { dueAt, quiet: preferences.quiet, digest: preferences.digest };
}
