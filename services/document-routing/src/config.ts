import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const settings = z.object({
  ROUTING_REROUTE_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1000)
    .describe('how often the service looks for agencies that have ended, in milliseconds'),
});

export type RoutingSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): RoutingSettings =>
  readSettings(settings, env);
