import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const feedSettings = z.object({
  FEED_KEEP_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('how long events can be read, in days'),
  FEED_MAX_STREAMS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('open streams of one process; more are refused with RESOURCE_EXHAUSTED'),
  FEED_STREAM_MINUTES: z.coerce
    .number()
    .positive()
    .default(60)
    .describe('after how many minutes a stream must be opened again, with a token that is still good'),
  FEED_POLL_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(200)
    .describe('how often a process looks for events that another one recorded, in milliseconds'),
});
export type FeedSettings = z.output<typeof feedSettings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): FeedSettings =>
  readSettings(feedSettings, env);
