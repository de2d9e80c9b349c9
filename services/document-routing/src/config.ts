import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const settings = z.object({
  ROUTING_REROUTE_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1000)
    .describe('how often the service looks for agencies that have ended, in milliseconds'),
  ROUTING_MAX_UPLOADS: z.coerce
    .number()
    .int()
    .min(1)
    .default(64)
    .describe('uploads under way at once per process; each holds about 2 MiB'),
  ROUTING_UPLOAD_TIMEOUT_S: z.coerce
    .number()
    .int()
    .min(1)
    .default(1800)
    .describe('the longest an upload may take, in seconds'),
});

export type RoutingSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): RoutingSettings =>
  readSettings(settings, env);
