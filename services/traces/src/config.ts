import { baseSettings, readSettings } from '@lienthong/kit';
import { z } from 'zod';

const count = (otherwise: number) => z.coerce.number().int().min(1).default(otherwise);

const settings = z.object({
  TRACES_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
    'where spans are received over OTLP/HTTP (/v1/traces), host:port; in plain text on addresses of this machine alone; off when absent',
  ),
  TRACES_JAEGER_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://jaeger:16686' })
    .optional()
    .describe(
      'the query service of a Jaeger (API v3 over HTTP), from which traces are then read; none are received or kept here',
    ),
  TRACES_SPANS_PER_SECOND: count(5_000).describe(
    'how many spans are taken in a second; senders of more are told to send them later',
  ),
  TRACES_KEEP_DAYS: count(30).describe('for how many days a trace is kept after its last span'),
  TRACES_KEEP_MIB: count(2_048).describe('how much of traces is kept, in MiB; the oldest go first'),
  TRACES_FORGET_CHECK_MS: count(60_000).describe('how often old traces are deleted, in milliseconds'),
});

export type TracesSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): TracesSettings =>
  readSettings(settings, env);
