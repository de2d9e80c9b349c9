import { isUuid, readSettings } from '@lienthong/kit';
import { z } from 'zod';

const sliceSettings = z.object({
  FEED_SLICES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((id) => id.trim() || []))
    .refine((ids) => ids.every(isUuid), 'must be ids of agencies (UUID) with commas between')
    .describe('agencies that have a leaf node, by id, with commas between: their events are sent there'),
  FEED_SLICE_MIB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1024)
    .describe('how much a new slice keeps at the leaf node, in MiB; then the oldest events go'),
});

export const readSliceConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(sliceSettings, env);
