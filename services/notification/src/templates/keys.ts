import { CHANNEL_KEYS, EXAMPLES, type TopicKey } from '../domain/topics.ts';
import { en } from './defaults/en.ts';
import type { TemplateText } from './defaults/shape.ts';
import { vi } from './defaults/vi.ts';

type ChannelKey = (typeof CHANNEL_KEYS)[keyof typeof CHANNEL_KEYS];
export type TemplateLanguage = 'vi' | 'en';

/** A template's key and its parts, with the text that is shipped as version 1. */
export interface KnownTemplate extends TemplateText {
  key: string;
  topic: TopicKey;
  channel: ChannelKey;
  language: TemplateLanguage;
}

const shippedText = (topic: TopicKey, channel: ChannelKey, language: TemplateLanguage): TemplateText =>
  (language === 'vi' ? vi : en)[topic][channel === 'webhook' ? 'in-app' : channel];

const topics = Object.keys(EXAMPLES) as TopicKey[];
const channels = Object.values(CHANNEL_KEYS);
const languages: readonly TemplateLanguage[] = ['vi', 'en'];

/** Every template, by its key: "task-assigned/email/vi". */
export const KNOWN_TEMPLATES: ReadonlyMap<string, KnownTemplate> = new Map(
  topics.flatMap((topic) =>
    channels.flatMap((channel) =>
      languages.map((language) => {
        const key = `${topic}/${channel}/${language}`;
        return [key, { key, topic, channel, language, ...shippedText(topic, channel, language) }] as const;
      }),
    ),
  ),
);
