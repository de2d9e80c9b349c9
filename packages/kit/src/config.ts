import { z } from 'zod';
import { natsSettings } from './nats.ts';
import { tlsSettings } from './tls/listen-tls.ts';

/**
 * Reads settings from an environment. Throws one error that names every missing or wrong setting.
 * Every setting carries its doc line in `.describe()`.
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  env: Record<string, string | undefined>,
): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((key) => [key, env[key] === '' ? undefined : env[key]]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    const doc = (schema.shape[key] as z.ZodType | undefined)?.description;
    const problem = given[key] === undefined ? 'is missing' : issue.message;
    return `  ${key}: ${problem}${doc ? ` (${doc})` : ''}`;
  });
  throw new Error(`settings are missing or wrong:\n${lines.join('\n')}`);
}

const address = z.string().regex(/^.+:\d+$/, 'must be host:port');

/** The settings of every service process. */
export const baseSettings = z.object({
  DATABASE_URL: z
    .string()
    .describe(
      'PostgreSQL, for example postgres://user:password@host:5432/lienthong?sslmode=verify-full&sslrootcert=ca.pem',
    ),
  MIGRATION_DATABASE_URL: z
    .string()
    .optional()
    .describe(
      'the same database as a role that may change the schema; DATABASE_URL then needs no such right',
    ),
  NATS_URL: z
    .string()
    .describe(
      'NATS with JetStream, for example nats://host:4222, tls://host:4222 or nats://user:password@host:4222',
    ),
  ...natsSettings.shape,
  LISTEN: address.default('127.0.0.1:50051').describe('where the gRPC server listens, host:port'),
  ...tlsSettings.shape,
  TOKEN_ISSUERS: z
    .string()
    .describe('a JSON file with the issuers whose tokens are accepted, and what each may say'),
  TOKEN_MAX_AGE_HOURS: z.coerce
    .number()
    .min(1)
    .max(24 * 31)
    .default(24)
    .describe('the longest time, in hours, for which a token may be issued'),
  SUBJECT_ROOT: z
    .string()
    .regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits or _')
    .default('lt')
    .describe('first token of every NATS subject'),
  DATABASE_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(8)
    .describe('connections per service'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('pino level'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .optional()
    .describe('OTLP over HTTP; nothing is exported when absent'),
  METRICS_LISTEN: z
    .string()
    .regex(/^(.+:\d+|off)$/, 'must be host:port or off')
    .transform((listen) => (listen === 'off' ? undefined : listen))
    .optional()
    .describe('where Prometheus reads /metrics, host:port; off when absent'),
});

export type BaseSettings = z.output<typeof baseSettings>;
