import { readFileSync } from 'node:fs';
import { addressSettings, isWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';

/** An URL of one of the schemes; the password in it, if any, is percent-encoded. */
const url = (...schemes: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    message: `must be an URL of ${schemes.join(' or ')}`,
  });

const milliseconds = (otherwise: number) => z.coerce.number().int().min(100).max(600_000).default(otherwise);
const count = (otherwise: number, max: number) => z.coerce.number().int().min(1).max(max).default(otherwise);
const path = z
  .string()
  .regex(/^[^.]+(\.[^.]+)*$/, 'must be names or positions with dots between, for example messages.0.status');
const hostAndPort = z.string().regex(/^.+:\d+$/, 'must be host:port');
const list = z.string().transform((text) => text.split(',').map((one) => one.trim()));

/** JSON in a setting. A problem's message does not repeat the text: it may hold a secret. */
const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): z.output<T> => {
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      context.addIssue({
        code: 'custom',
        message: `is not what is expected: ${parsed.error.issues[0]?.message}`,
      });
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
    }
    return z.NEVER;
  });

/** The settings of the channels; a channel whose URL is absent is not configured. */
export const channelSettings = addressSettings.extend({
  SMTP_URL: url('smtp:', 'smtps:')
    .optional()
    .describe('the mail server, for example smtp://user:password@host:587; smtps:// is TLS from the start'),
  SMTP_STARTTLS: z
    .enum(['required', 'offered', 'never'])
    .default('required')
    .describe('with smtp://: TLS required, used when the server offers it, or never'),
  SMTP_CA: z
    .string()
    .transform((path, context) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        context.addIssue({ code: 'custom', message: 'cannot be read' });
        return z.NEVER;
      }
    })
    .optional()
    .describe("a file with the certificates the mail server's is checked against, instead of the system's"),
  SMTP_CONNECTIONS: count(8, 100).describe('connections to the mail server at once'),
  SMTP_TIMEOUT_MS: milliseconds(20_000).describe('how long the mail server may be silent, in milliseconds'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*<?[^\s@<>]+@[^\s@<>]+>?$/, 'must be an address, with a name or without')
    .optional()
    .describe('the sender of mails, for example "Liên Thông <thongbao@vinhlong.gov.vn>"; goes with SMTP_URL'),
  MAIL_UNSUBSCRIBE_URL: url('https:', 'mailto:')
    .optional()
    .describe(
      'where readers find how to stop the mails (List-Unsubscribe); with UNSUBSCRIBE_URL only a mailto: is used',
    ),
  UNSUBSCRIBE_LISTEN: hostAndPort
    .optional()
    .describe('host:port that ends mails at /unsubscribe; goes with UNSUBSCRIBE_URL'),
  UNSUBSCRIBE_URL: url('https:')
    .optional()
    .describe("the public address that leads to it, for List-Unsubscribe; a recipient's ?token= is added"),

  SMS_URL: url('https:', 'http:').optional().describe("the SMS provider's address for sending"),
  SMS_METHOD: z
    .enum(['POST', 'PUT', 'GET'])
    .default('POST')
    .describe('the HTTP method of a call to the provider'),
  SMS_HEADERS: json(z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().regex(/^[^\r\n]*$/)))
    .default({})
    .describe('headers as a JSON object, for example {"authorization":"Bearer …"}'),
  SMS_CONTENT: z
    .enum(['json', 'form'])
    .default('json')
    .describe('how SMS_BODY is written; with GET it goes into the query'),
  SMS_BODY: json(z.record(z.string(), z.json()))
    .default({ to: '{to}', text: '{text}' })
    .describe(
      'a JSON object in whose texts {to}, {text}, {id}, {encoding} (gsm7, ucs2), {parts} are filled in',
    ),
  SMS_NUMBERS: z
    .enum(['+84', '84', '0'])
    .default('+84')
    .describe('how Vietnamese numbers begin for this provider; others are always E.164'),
  SMS_IDEMPOTENCY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .default('Idempotency-Key')
    .describe("the header that carries the message's id, the same whenever it is sent again"),
  SMS_RESULT_PATH: path
    .optional()
    .describe('the place of the result in the JSON response; absent: the HTTP status is the result'),
  SMS_RESULT_OK: list.optional().describe('values at SMS_RESULT_PATH that mean taken, with commas between'),
  SMS_RESULT_ID: path
    .optional()
    .describe("the place of the provider's own id in the response, if receipts name the message by it"),
  SMS_RESULT_LATER: list.optional().describe('values at SMS_RESULT_PATH that mean: retry later'),
  SMS_MARKS: z
    .enum(['keep', 'strip'])
    .default('keep')
    .describe('strip: Vietnamese without marks, 160 characters a part instead of 70'),
  SMS_MAX_PARTS: count(4, 10).describe('parts of one message; what is longer is cut at a word'),
  SMS_CONNECTIONS: count(8, 100).describe('calls to the provider at once'),
  SMS_TIMEOUT_MS: milliseconds(15_000).describe('how long one call may take, in milliseconds'),

  RECEIPT_LISTEN: hostAndPort
    .optional()
    .describe('host:port that receives the receipts of providers; absent: none are received'),
  MAIL_RECEIPT_SECRET: z
    .string()
    .min(24)
    .optional()
    .describe(
      'the secret of calls that post bounces to MAIL_FROM (RFC 3464), in a form of SMS_RECEIPT_SECRET',
    ),
  SMS_RECEIPT_SECRET: z
    .string()
    .min(24)
    .optional()
    .describe(
      'the secret of SMS receipts: whsec_… with Standard Webhooks, anything else as bearer token or ?token=',
    ),
  SMS_RECEIPT_LIST: path
    .optional()
    .describe('the place of the list of receipts in the body; absent: the body is one receipt'),
  SMS_RECEIPT_ID: path
    .default('id')
    .describe('the place of the id in a receipt: {id} as it was sent, or the value of SMS_RESULT_ID'),
  SMS_RECEIPT_STATUS: path.default('status').describe('the place of the status in a receipt'),
  SMS_RECEIPT_DELIVERED: list
    .default(['delivered'])
    .describe('values at SMS_RECEIPT_STATUS that mean delivered, with commas between'),
  SMS_RECEIPT_FAILED: list
    .default(['failed', 'undelivered', 'rejected', 'expired'])
    .describe('values at SMS_RECEIPT_STATUS that mean failed for good; other values are ignored'),
  SMS_RECEIPT_REASON: path.optional().describe('the place of the reason in a receipt, for operators'),

  PUSH_WEBHOOK_URL: url('https:', 'http:')
    .optional()
    .describe("receives messages of the channel webhook, for the province's own app or chat"),
  PUSH_WEBHOOK_SECRET: z
    .string()
    .refine(isWebhookSecret, 'must be whsec_ and the base64 of 24 to 64 bytes')
    .optional()
    .describe('signs these messages (Standard Webhooks); goes with PUSH_WEBHOOK_URL'),
  PUSH_WEBHOOK_CONNECTIONS: count(8, 100).describe('calls to receivers at once'),
  PUSH_WEBHOOK_TIMEOUT_MS: milliseconds(15_000).describe('how long one call may take, in milliseconds'),
});

export type ChannelSettings = z.output<typeof channelSettings>;
