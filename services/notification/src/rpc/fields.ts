import { Language, MessageChannel, Topic } from '@lienthong/contracts/notification';
import { contactField, enumField, manyOf, receiptField } from '@lienthong/kit';
import { z } from 'zod';
import { DEFAULT_DIGEST_AT } from '../domain/preferences.ts';

const custom = (ok: (text: string) => boolean, message: string, reason: string) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .superRefine((text, context) => {
      if (!ok(text)) context.addIssue({ code: 'custom', message, params: { reason } });
    });

const contact = z.object(contactField);

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

const topics = manyOf(
  z.object({
    topic: enumField(Topic),
    channels: manyOf(enumField(MessageChannel), 10),
    digest: z.boolean(),
  }),
  50,
).superRefine((given, context) => {
  const seen = new Set<number>();
  given.forEach(({ topic }, i) => {
    if (seen.has(topic))
      context.addIssue({
        code: 'custom',
        path: [i, 'topic'],
        message: 'must be named once',
        params: { reason: 'TOPIC_TWICE' },
      });
    seen.add(topic);
  });
});

const required = <T extends z.ZodType>(inner: T) =>
  inner.optional().transform((value, context) => {
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'is required', params: { reason: 'FIELD_REQUIRED' } });
    return z.NEVER;
  });

export const preferencesRequest = z.object({
  preferences: required(
    z.object({
      topics,
      language: enumField(Language, Language.VI),
      quietOutsideOfficeHours: z.boolean(),
      digestAt: custom(
        (text) => text === '' || isTime(text),
        'must be a time written HH:MM, or empty (08:00)',
        'TIME_INVALID',
      ).transform((text) => text || DEFAULT_DIGEST_AT),
    }),
  ),
});

export const contactRequest = z.object({ contact: required(contact) });

const { UNSPECIFIED, EMAIL, SMS } = MessageChannel;

/** By e-mail or SMS, or by the one that has an address. */
const citizenChannel = z.number().transform((value, context) => {
  if (value === UNSPECIFIED || value === EMAIL || value === SMS) return value;
  context.addIssue({
    code: 'custom',
    message: 'must be MESSAGE_CHANNEL_EMAIL, MESSAGE_CHANNEL_SMS or unspecified',
    params: { reason: 'CHANNEL_NOT_FOR_CITIZENS' },
  });
  return z.NEVER;
});

export const followRequest = z
  .object({
    ...receiptField,
    contact: required(contact),
    language: enumField(Language, Language.VI),
    channel: citizenChannel,
  })
  .superRefine(({ contact: { email, phone }, channel }, context) => {
    const isMissing = (part: string, message: string) =>
      context.addIssue({
        code: 'custom',
        path: ['contact', part],
        message,
        params: { reason: 'FIELD_REQUIRED' },
      });
    if (channel === SMS && phone === '') isMissing('phone', 'is required for SMS');
    else if (channel === EMAIL && email === '') isMissing('email', 'is required for e-mail');
    else if (email === '' && phone === '') isMissing('email', 'is required unless a phone number is given');
  });

export const unfollowRequest = z.object(receiptField);
