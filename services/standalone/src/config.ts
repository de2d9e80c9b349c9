import { consoleSettings } from '@lienthong/console/config';
import { edxmlSettings } from '@lienthong/edxml-gateway/config';
import { baseSettings, natsSettings, readSettings, tlsSettings } from '@lienthong/kit';
import { restSettings } from '@lienthong/rest-gateway/config';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const settings = z.object({
  LIENTHONG_DATA: z
    .string()
    .default('.lienthong')
    .describe('the folder that holds the data of PostgreSQL and NATS, and the keys'),
  DATABASE_URL: z.string().optional().describe('an existing PostgreSQL to use instead of the embedded one'),
  MIGRATION_DATABASE_URL: baseSettings.shape.MIGRATION_DATABASE_URL,
  NATS_URL: z
    .string()
    .optional()
    .describe('an existing NATS with JetStream to use instead of the embedded one'),
  ...natsSettings.shape,
  POSTGRES_PORT: port
    .default(15432)
    .describe('port of the embedded PostgreSQL on 127.0.0.1; 0 picks a free one'),
  NATS_PORT: port.default(14222).describe('port of the embedded NATS on 127.0.0.1; 0 picks a free one'),
  LISTEN: baseSettings.shape.LISTEN,
  TOKEN_MAX_AGE_HOURS: baseSettings.shape.TOKEN_MAX_AGE_HOURS,
  TLS_AT_PROXY: tlsSettings.shape.TLS_AT_PROXY.describe(
    '"true": a proxy ends TLS; listeners speak plain text instead of TLS by the authority of the data folder',
  ),
  LOG_LEVEL: baseSettings.shape.LOG_LEVEL.default('warn'),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseSettings.shape.OTEL_EXPORTER_OTLP_ENDPOINT,
  METRICS_LISTEN: baseSettings.shape.METRICS_LISTEN,
  TRACES_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
    'where spans are received over OTLP/HTTP and kept, host:port; those of this process go there unless OTEL_EXPORTER_OTLP_ENDPOINT is set; off when absent',
  ),
  TRACES_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1)
    .default(20)
    .describe('how many new traces of this process are kept in a second'),
  REST_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
    'where the API listens as JSON over HTTP, host:port; off when absent',
  ),
  ...restSettings.shape,
  EDXML_SYSTEMS: edxmlSettings.shape.EDXML_SYSTEMS.optional(),
  EDXML_CHECK_MS: edxmlSettings.shape.EDXML_CHECK_MS,
  EDXML_PUSH_LISTEN: edxmlSettings.shape.EDXML_PUSH_LISTEN,
  CONSOLE_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
    'where the console listens, host:port; off when absent, or while ISSUER_LISTEN is off',
  ),
  ...consoleSettings.shape,
  SANDBOX_LISTEN: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port')
    .default('127.0.0.1:50070')
    .describe('where the sandbox (npm start -- --sandbox) takes requests to move its clock, host:port'),
  ISSUER_LISTEN: baseSettings.shape.METRICS_LISTEN.describe(
    'where the development issuer publishes its keys and OpenID configuration, host:port; off when absent',
  ),
});
export type StandaloneSettings = z.output<typeof settings>;

/** Settings of the whole platform in one process, from the environment; `given` overrides it. */
export const readStandaloneSettings = (given: Record<string, string> = {}): StandaloneSettings =>
  readSettings(settings, { ...process.env, ...given });

/** What the services of a sandbox are set to, unless the environment says otherwise: receivers of webhooks are on this machine. */
export function sandboxEnv(): Record<string, string> {
  const { WEBHOOK_ALLOW_PRIVATE = 'true', WEBHOOK_ALLOW_HTTP = 'true' } = process.env;
  return { WEBHOOK_ALLOW_PRIVATE, WEBHOOK_ALLOW_HTTP };
}

/**
 * The same for `npm start`, which opens /metrics, the REST API and the issuer on the usual ports unless others are set.
 * @param dataDir where the data is unless LIENTHONG_DATA says so
 */
export const readStartSettings = (dataDir: string): StandaloneSettings =>
  readSettings(
    settings.extend({
      LIENTHONG_DATA: settings.shape.LIENTHONG_DATA.prefault(dataDir),
      METRICS_LISTEN: settings.shape.METRICS_LISTEN.prefault('127.0.0.1:9464'),
      TRACES_LISTEN: settings.shape.TRACES_LISTEN.prefault('127.0.0.1:14318'),
      REST_LISTEN: settings.shape.REST_LISTEN.prefault('127.0.0.1:50080'),
      ISSUER_LISTEN: settings.shape.ISSUER_LISTEN.prefault('127.0.0.1:15480'),
      CONSOLE_LISTEN: settings.shape.CONSOLE_LISTEN.prefault('127.0.0.1:50090'),
    }),
    process.env,
  );
