import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const settings = z.object({
  REGISTRY_SIMULATIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('simulations under way at once per process; each takes its turns on the one thread'),
});

export type RegistrySettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): RegistrySettings =>
  readSettings(settings, env);
