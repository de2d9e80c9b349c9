import { readSettings, sealingKeys } from '@lienthong/kit';
import { z } from 'zod';
import { paymentSettings } from './payments/settings.ts';

const settings = paymentSettings.extend({
  LIENTHONG_SEALING_KEYS: sealingKeys,
  CASEWORK_RESEAL_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(86_400_000)
    .default(600_000)
    .describe('how often applicants are resealed with the first sealing key, in milliseconds'),
  CASEWORK_TIMER_CHECK_MS: z.coerce
    .number()
    .int()
    .min(10)
    .default(500)
    .describe('the longest time between two checks for due timers, in milliseconds'),
  CASEWORK_CHANGE_CHECK_MS: z.coerce
    .number()
    .int()
    .min(10)
    .default(1000)
    .describe('how often the service checks for ended agencies and changed calendars, in milliseconds'),
  CASEWORK_CITIZEN_FILE_MIB: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe('the largest file that a citizen hands in, in MiB'),
  CASEWORK_CITIZEN_UPLOADS: z.coerce
    .number()
    .int()
    .min(1)
    .default(16)
    .describe("citizens' uploads under way at once per process"),
  CASEWORK_CITIZEN_UPLOADS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .default(4)
    .describe('the part of them that come from one address'),
  CASEWORK_SEALS: z
    .string()
    .optional()
    .describe(
      "a folder with agencies' seals, <code>.key.pem and <code>.crt.pem, that sign papers in PDF; papers are not signed when absent",
    ),
  CASEWORK_TRACKING_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://lienthong.example.vn/tra-cuu' })
    .optional()
    .describe(
      'the page on which citizens follow their dossier; receipts carry a QR code of it, with the code of the dossier as ?ma=',
    ),
  CASEWORK_SCAN_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where files of citizens are scanned; they are not scanned when absent'),
  CASEWORK_SCAN_TIMEOUT_S: z.coerce
    .number()
    .int()
    .min(1)
    .default(60)
    .describe('the longest a scan may take, in seconds'),
});

export type CaseworkSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): CaseworkSettings =>
  readSettings(settings, env);
