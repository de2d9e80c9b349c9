import { readSettings } from '@lienthong/kit';
import { z } from 'zod';

const number = (min: number, max: number, otherwise: number) =>
  z.coerce.number().int().min(min).max(max).default(otherwise);

const HALF_A_DAY_S = 43_200;

const settings = z.object({
  FILES_MAX_UPLOADS: number(1, 10_000, 128).describe(
    'uploads under way at once per service and process; each holds about 2 MiB',
  ),
  FILES_MAX_UPLOADS_PER_CALLER: number(1, 10_000, 32).describe(
    'the part of them that one officer or system may take: a quarter, so that one that falls silent stops no other',
  ),
  // The janitor deletes what is older than twice this, and unused files after a day at the earliest.
  FILES_UPLOAD_TIMEOUT_S: number(1, HALF_A_DAY_S, 1800).describe(
    'the longest an upload may take, in seconds',
  ),
  FILES_UNUSED_DAYS: number(1, 3650, 30).describe('how long a file that nothing carries is kept, in days'),
  FILES_STORE: z
    .enum(['postgresql', 's3'])
    .default('postgresql')
    .describe('where the content of files is kept; files in the other store move there'),
  FILES_S3_BUCKET: z.string().optional().describe('the bucket; required for the store s3'),
  FILES_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("the store's URL; the provider's own for the region when absent"),
  FILES_S3_REGION: z.string().default('us-east-1').describe("the store's region"),
  FILES_S3_ACCESS_KEY: z
    .string()
    .optional()
    .describe("the access key's id; found by the provider's rules when absent"),
  FILES_S3_SECRET_KEY: z.string().optional().describe('the secret of the access key'),
});

export type FileSettings = z.output<typeof settings>;

export const readFileSettings = (env: Readonly<Record<string, string | undefined>>): FileSettings =>
  readSettings(settings, env);
