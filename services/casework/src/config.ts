import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const settings = z.object({
  CASEWORK_TIMER_CHECK_MS: z.coerce
    .number()
    .int()
    .min(10)
    .default(500)
    .describe('the longest time between two checks for due timers, in milliseconds'),
  CASEWORK_CHANGE_CHECK_MS: z.coerce
    .number()
    .int()
    .min(10)
    .default(1000)
    .describe('how often the service checks for ended agencies and changed calendars, in milliseconds'),
});

export type CaseworkSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): CaseworkSettings =>
  readSettings(settings, env);
