import { Language } from '@lienthong/contracts/notification';
import { CHANNEL_KEYS, DIGEST_KEY, type KnownChannel, type KnownTopic, TOPIC_KEYS } from './topics.ts';

/** "vi" or "en"; what is not said is Vietnamese. */
export const languageTag = (language: Language): 'vi' | 'en' => (language === Language.EN ? 'en' : 'vi');

/** "task-assigned/email/vi"; no topic: of a digest. */
export const templateKey = (topic: KnownTopic | 0, channel: KnownChannel, language: Language): string =>
  `${topic === 0 ? DIGEST_KEY : TOPIC_KEYS[topic]}/${CHANNEL_KEYS[channel]}/${languageTag(language)}`;
