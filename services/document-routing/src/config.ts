import { readSettings } from '@lienthong/kit';
import { z } from 'zod';
import type { TrustFiles } from './signatures/trust-files.ts';

const settings = z.object({
  ROUTING_REROUTE_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1000)
    .describe('how often the service looks for agencies that have ended, in milliseconds'),
  SIGNATURE_CA_FILE: z
    .string()
    .optional()
    .describe(
      'a PEM file with the certificates of the authorities whose signers are believed; without it no signature is accepted or checked',
    ),
  SIGNATURE_CRL_FILE: z
    .string()
    .optional()
    .describe('a PEM file with the lists of certificates that the authorities have revoked'),
  SIGNATURE_OCSP_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'the OCSP responder for certificates that no list covers; a certificate never names it. Its responses are kept until their next update',
    ),
  SIGNATURE_REVOCATION: z
    .enum(['when-known', 'required'])
    .default('when-known')
    .describe('whether a signature counts when neither a list nor the responder covers its certificate'),
  SIGNATURES: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe("whether a document may be issued without the competent person's and the agency's signature"),
});

export type RoutingSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): RoutingSettings =>
  readSettings(settings, env);

/** Undefined where no authority is named. */
export const trustFilesOf = (settings: RoutingSettings): TrustFiles | undefined =>
  settings.SIGNATURE_CA_FILE === undefined
    ? undefined
    : {
        authoritiesFile: settings.SIGNATURE_CA_FILE,
        crlFile: settings.SIGNATURE_CRL_FILE,
        requireRevocation: settings.SIGNATURE_REVOCATION === 'required',
      };
