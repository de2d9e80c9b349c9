import { Language, MessageChannel, type Preferences, Topic } from '@lienthong/contracts/notification';
import { DIGEST_TOPIC, type KnownChannel, type KnownTopic } from './topics.ts';

/** The preferences that apply to one person. */
export interface EffectivePreferences {
  channels: readonly KnownChannel[];
  digest: boolean;
  language: Exclude<Language, 0>;
  quiet: boolean;
  /** "HH:MM". */
  digestAt: string;
}

const DEFAULT_CHANNELS: readonly KnownChannel[] = [MessageChannel.IN_APP, MessageChannel.EMAIL];
export const DEFAULT_DIGEST_AT = '08:00';

/**
 * A topic by the person's preferences, else by the agency's, else in-app and e-mail at once. Language, quiet hours and
 * the digest's time are the person's once the person has set preferences.
 */
export function effectivePreferences(
  own: Preferences | undefined,
  agency: Preferences | undefined,
  topic: KnownTopic,
): EffectivePreferences {
  const chosen = [own, agency].flatMap((one) => one?.topics.filter((t) => t.topic === topic) ?? [])[0];
  const general = own ?? agency;
  const channels = chosen ? [MessageChannel.IN_APP, ...chosen.channels] : DEFAULT_CHANNELS;
  return {
    channels: [...new Set(channels)].filter((c): c is KnownChannel => c !== MessageChannel.UNSPECIFIED),
    digest: chosen?.digest ?? false,
    language: general?.language || Language.VI,
    quiet: general?.quietOutsideOfficeHours ?? false,
    digestAt: general?.digestAt || DEFAULT_DIGEST_AT,
  };
}

const TOPICS = Object.values(Topic).filter((topic): topic is KnownTopic => topic !== Topic.UNSPECIFIED);

/** The preferences that apply, for every topic, as the contract's message. */
export function allEffectivePreferences(
  own: Preferences | undefined,
  agency: Preferences | undefined,
): Preferences {
  const { language, quiet, digestAt } = effectivePreferences(own, agency, Topic.TASK_ASSIGNED);
  return {
    topics: TOPICS.map((topic) => {
      const { channels, digest } = effectivePreferences(own, agency, topic);
      return { topic, channels: [...channels], digest };
    }),
    language,
    quietOutsideOfficeHours: quiet,
    digestAt,
  };
}

/**
 * The person's preferences without mails of a topic, or with DIGEST_TOPIC of those that are collected. Other topics stay as
 * they are: the agency's where the person has set none.
 */
export function withoutMail(
  own: Preferences | undefined,
  agency: Preferences | undefined,
  topic: KnownTopic | typeof DIGEST_TOPIC,
): Preferences {
  const { topics, ...general } = allEffectivePreferences(own, agency);
  const stopped = topics
    .filter((one) => (topic === DIGEST_TOPIC ? one.digest : one.topic === topic))
    .map((one) => ({ ...one, channels: one.channels.filter((channel) => channel !== MessageChannel.EMAIL) }));
  const kept = own?.topics.filter((one) => !stopped.some((stop) => stop.topic === one.topic)) ?? [];
  return { ...general, topics: [...kept, ...stopped] };
}
