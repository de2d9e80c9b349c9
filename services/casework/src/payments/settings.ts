import { isWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';

const secrets = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .refine((all) => all.length <= 2 && all.every(isWebhookSecret), {
    message: 'must be one secret, or two with a comma between: whsec_ and the base64 of 24 to 64 bytes',
  });

const seconds = (otherwise: number, max: number) =>
  z.coerce.number().int().min(1).max(max).default(otherwise);

/** The settings of payments through a provider; without PAYMENT_URL there is none. */
export const paymentSettings = z.object({
  PAYMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where the provider creates payments; citizens pay at the one-stop unit only when absent'),
  PAYMENT_NAME: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("the provider's name for citizens and staff, for example Cổng Dịch vụ công quốc gia"),
  PAYMENT_AUTHORIZATION: z
    .string()
    .regex(/^[^\r\n]+$/, 'must be one line')
    .optional()
    .describe('the header authorization of requests to the provider, for example Bearer …'),
  PAYMENT_TIMEOUT_S: seconds(5, 8).describe('the longest a request to the provider may take, in seconds'),
  PAYMENT_RETURN_URL: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe("where the provider's page leads the citizen back to"),
  PAYMENT_LISTEN: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port')
    .optional()
    .describe(
      'where the provider reports payments, host:port; without it, the platform only polls the provider',
    ),
  PAYMENT_CALLBACK_SECRETS: secrets
    .optional()
    .describe(
      'what reports are signed with (Standard Webhooks); the old one and the new one during a change',
    ),
  PAYMENT_CHECK_S: seconds(60, 3_600).describe(
    'when the provider is first asked for a payment that it has not reported, in seconds; later ever less often',
  ),
  PAYMENT_OPEN_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe('how long an open payment is asked for, in days; reports count for ever'),
});

export type PaymentSettings = z.output<typeof paymentSettings>;
