import { baseSettings, readSettings } from '@lienthong/kit';
import { z } from 'zod';

const count = (otherwise: number) => z.coerce.number().int().min(1).default(otherwise);

const address = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be an address such as ${example}` }).optional();

const settings = z
  .object({
    TRACES_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
      'where spans are received over OTLP/HTTP (/v1/traces), host:port; in plain text on addresses of this machine alone; off when absent',
    ),
    TRACES_JAEGER_URL: address('http://jaeger:16686').describe(
      'the query service of a Jaeger (API v3 over HTTP), from which traces are then read; none are received or kept here',
    ),
    TRACES_TEMPO_URL: address('http://tempo:3200').describe(
      'a Tempo (2.7 or later) from which traces are then read, in place of a Jaeger; none are received or kept here',
    ),
    TRACES_SPANS_PER_SECOND: count(5_000).describe(
      'how many spans are taken in a second; senders of more are told to send them later',
    ),
    TRACES_KEEP_DAYS: count(30).describe('for how many days a trace is kept after its last span'),
    TRACES_KEEP_MIB: count(2_048).describe('how much of traces is kept, in MiB; the oldest go first'),
    TRACES_FORGET_CHECK_MS: count(60_000).describe('how often old traces are deleted, in milliseconds'),
  })
  .refine((all) => all.TRACES_JAEGER_URL === undefined || all.TRACES_TEMPO_URL === undefined, {
    path: ['TRACES_TEMPO_URL'],
    error: 'must be absent where TRACES_JAEGER_URL is set: traces are read from one of them',
  });

export type TracesSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): TracesSettings =>
  readSettings(settings, env);
