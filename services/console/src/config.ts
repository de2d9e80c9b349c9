import { baseSettings, connectionSettings, readSettings, sealingKeys, tlsSettings } from '@lienthong/kit';
import { z } from 'zod';

/** The settings of the console wherever it runs. */
export const consoleSettings = z.object({
  CONSOLE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://lienthong.example.vn' })
    .transform((text) => new URL(text).origin)
    .optional()
    .describe('the address at which browsers find the console; by default where it listens'),
});

const settings = z.object({
  CONSOLE_LISTEN: baseSettings.shape.LISTEN.default('127.0.0.1:50090').describe(
    'where the console listens, host:port',
  ),
  ...consoleSettings.shape,
  PLATFORM_ADDRESS: baseSettings.shape.LISTEN.describe('the gRPC address of the platform, host:port'),
  PLATFORM_TLS: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe(
      '"false": the platform speaks plain text at PLATFORM_ADDRESS, on this machine or behind its proxy',
    ),
  PLATFORM_CA: z
    .string()
    .optional()
    .describe(
      "a PEM file with the authorities that the platform's certificate is checked against, instead of the system's",
    ),
  OIDC_ISSUER: z
    .url()
    .describe('the OpenID provider that signs staff in; it issues the tokens of TOKEN_ISSUERS'),
  OIDC_CLIENT_ID: z
    .string()
    .min(1)
    .default('lienthong-console')
    .describe('the name of the console at the provider'),
  OIDC_CLIENT_SECRET: z
    .string()
    .optional()
    .describe('the secret of the console at the provider, where it has one'),
  OIDC_SCOPE: z
    .string()
    .default('openid')
    .describe('scopes to ask for, with spaces between; openid is one of them'),
  SESSION_KEYS: sealingKeys.describe(
    'keys that seal sessions in cookies: "id:base64 of 32 bytes", separated by commas; the first seals, all open',
  ),
  ...tlsSettings.omit({ TLS_CLIENT_CA_FILE: true }).shape,
  ...connectionSettings.shape,
  LOG_LEVEL: baseSettings.shape.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: baseSettings.shape.OTEL_EXPORTER_OTLP_ENDPOINT,
  METRICS_LISTEN: baseSettings.shape.METRICS_LISTEN,
});

/** Settings of a process that runs the console alone. */
export const readConsoleSettings = () => readSettings(settings, process.env);
