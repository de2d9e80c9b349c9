import { baseSettings, connectionSettings, readSettings, tlsSettings } from '@lienthong/kit';
import { z } from 'zod';

const origin = /^https?:\/\/[^/\s]+$/;

/** The settings of the gateway wherever it runs. */
export const restSettings = z.object({
  REST_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .refine(
      (all) => all.every((one) => one === '*' || origin.test(one)),
      'must be origins such as https://app.example.vn, or *',
    )
    .describe('origins whose pages may call the REST API from browsers, with commas between; "*": all'),
});

const settings = z.object({
  REST_LISTEN: baseSettings.shape.LISTEN.default('127.0.0.1:50080').describe(
    'where the REST API listens, host:port',
  ),
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
  ...restSettings.shape,
  ...tlsSettings.omit({ TLS_CLIENT_CA_FILE: true }).shape,
  ...connectionSettings.shape,
  LOG_LEVEL: baseSettings.shape.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: baseSettings.shape.OTEL_EXPORTER_OTLP_ENDPOINT,
  METRICS_LISTEN: baseSettings.shape.METRICS_LISTEN,
});

/** Settings of a process that runs the gateway alone. */
export const readRestSettings = () => readSettings(settings, process.env);
