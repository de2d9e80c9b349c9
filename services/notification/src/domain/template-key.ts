import { Language } from '@lienthong/contracts/notification';
import {
  CHANNEL_KEYS,
  DIGEST_KEY,
  DIGEST_TOPIC,
  type KnownChannel,
  type KnownTopic,
  TOPIC_KEYS,
} from './topics.ts';

/** "vi" or "en"; Vietnamese when the language is unspecified. */
export const languageTag = (language: Language): 'vi' | 'en' => (language === Language.EN ? 'en' : 'vi');

/** "task-assigned/email/vi". */
export const templateKey = (
  topic: KnownTopic | typeof DIGEST_TOPIC,
  channel: KnownChannel,
  language: Language,
): string =>
  `${topic === DIGEST_TOPIC ? DIGEST_KEY : TOPIC_KEYS[topic]}/${CHANNEL_KEYS[channel]}/${languageTag(language)}`;
