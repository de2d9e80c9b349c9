import { readFileSync } from 'node:fs';
import { baseSettings, isLoopback, isUuid, readSettings, tlsSettings } from '@lienthong/kit';
import { z } from 'zod';

/** The settings of the gateway wherever it runs. */
export const edxmlSettings = z.object({
  EDXML_SYSTEMS: z.string().describe('a JSON file with the document systems that exchange packages here'),
  EDXML_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1000)
    .describe('how often folders are looked into, in milliseconds'),
  EDXML_PUSH_LISTEN: z
    .string()
    .optional()
    .describe('host:port where an axis pushes packages; nothing listens when absent'),
});

const settings = edxmlSettings.extend({
  PLATFORM_ADDRESS: baseSettings.shape.LISTEN.describe('the gRPC address of the platform, host:port'),
  PLATFORM_TLS: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('"false": the platform speaks plain text, on this machine or behind its proxy'),
  PLATFORM_CA: z
    .string()
    .optional()
    .describe("a PEM file with the authorities that the platform's certificate is checked against"),
  METRICS_LISTEN: baseSettings.shape.METRICS_LISTEN,
  LOG_LEVEL: baseSettings.shape.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: baseSettings.shape.OTEL_EXPORTER_OTLP_ENDPOINT,
  ...tlsSettings.omit({ TLS_CLIENT_CA_FILE: true }).shape,
});

/** Settings of a process that runs the gateway. */
export const readEdxmlSettings = () => readSettings(settings, process.env);

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,49}$/, 'must be lower-case letters, digits, "." and "-"');

const seconds = (least: number, most: number) => z.number().min(least).max(most);

const axis = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      (text) => text.startsWith('https:') || isLoopback(new URL(text).hostname),
      'must begin with https:// unless it is on this machine',
    ),
  /** Shown to the axis. */
  tokenFile: z.string().min(1),
  /** Authorities that are trusted beside the system's. */
  caFile: z.string().min(1).optional(),
  /** What the axis shows when it pushes packages; absent: it may not. */
  pushTokenFile: z.string().min(1).optional(),
  /** How often packages are pulled, and how long one exchange may take. */
  checkSeconds: seconds(0.05, 3600).default(10),
  timeoutSeconds: seconds(0.1, 600).default(60),
});

const systems = z
  .array(
    z.strictObject({
      name,
      agencyId: z.string().refine(isUuid, 'must be the UUID of an agency'),
      folder: z.string().min(1),
      /** An axis through which its packages come and go; absent: through the folder. */
      axis: axis.optional(),
      /** Shown to the platform: a file with a token, or a registered certificate with its key. */
      tokenFile: z.string().min(1).optional(),
      certificateFile: z.string().min(1).optional(),
      keyFile: z.string().min(1).optional(),
      /** The key that signs the envelopes that it gets, and its certificates. */
      signingKeyFile: z.string().min(1).optional(),
      signingCertificateFile: z.string().min(1).optional(),
      /** Whose signatures of its envelopes count; without authorities none is checked. */
      authoritiesFile: z.string().min(1).optional(),
      crlFile: z.string().min(1).optional(),
      /** Whether a package without a valid signature is refused. */
      signatureRequired: z.boolean().default(false),
    }),
  )
  .min(1)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names')
  .refine((all) => new Set(all.map((one) => one.folder)).size === all.length, 'must have different folders')
  .refine(
    (all) => all.every((one) => one.tokenFile !== undefined || (one.certificateFile && one.keyFile)),
    'each must have tokenFile, or certificateFile and keyFile',
  )
  .refine(
    (all) =>
      all.every((one) => (one.signingKeyFile === undefined) === (one.signingCertificateFile === undefined)),
    'must have signingKeyFile and signingCertificateFile together',
  )
  .refine(
    (all) =>
      all.every((one) => one.authoritiesFile !== undefined || (!one.signatureRequired && !one.crlFile)),
    'must have authoritiesFile where signatureRequired or crlFile is',
  );

export type SystemSettings = z.output<typeof systems>[number];

/** The systems of the file. @throws Error that names the file and what is wrong */
export function readSystems(file: string): SystemSettings[] {
  try {
    return systems.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`EDXML_SYSTEMS: ${file} cannot be used: ${why}`, { cause });
  }
}
