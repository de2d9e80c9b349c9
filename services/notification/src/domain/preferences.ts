import { Language, MessageChannel, type Preferences, Topic } from '@lienthong/contracts/notification';
import type { KnownChannel, KnownTopic } from './topics.ts';

/** What holds for one person. */
export interface Effective {
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
 * A topic as the person says, else as the agency says, else in-app and e-mail at once. Language, quiet hours and the
 * digest's time are the person's once they have said anything.
 */
export function effective(
  own: Preferences | undefined,
  agency: Preferences | undefined,
  topic: KnownTopic,
): Effective {
  const said = [own, agency].flatMap((one) => one?.topics.filter((t) => t.topic === topic) ?? [])[0];
  const general = own ?? agency;
  const channels = said ? [MessageChannel.IN_APP, ...said.channels] : DEFAULT_CHANNELS;
  return {
    channels: [...new Set(channels)].filter((c): c is KnownChannel => c !== MessageChannel.UNSPECIFIED),
    digest: said?.digest ?? false,
    language: general?.language || Language.VI,
    quiet: general?.quietOutsideOfficeHours ?? false,
    digestAt: general?.digestAt || DEFAULT_DIGEST_AT,
  };
}

const TOPICS = Object.values(Topic).filter((topic): topic is KnownTopic => topic !== Topic.UNSPECIFIED);

/** What holds, topic by topic, as `Preferences` say it. */
export function allEffective(own: Preferences | undefined, agency: Preferences | undefined): Preferences {
  const { language, quiet, digestAt } = effective(own, agency, Topic.TASK_ASSIGNED);
  return {
    topics: TOPICS.map((topic) => {
      const { channels, digest } = effective(own, agency, topic);
      return { topic, channels: [...channels], digest };
    }),
    language,
    quietOutsideOfficeHours: quiet,
    digestAt,
  };
}
