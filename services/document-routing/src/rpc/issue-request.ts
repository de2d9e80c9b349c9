import { DOCUMENT_TYPES } from '@lienthong/contracts/document-types';
import {
  BusinessKind,
  type Recipient,
  SignatureFormat,
  SignatureRole,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import { enumField, field, isDate, isUuid, manyOf } from '@lienthong/kit';
import { MAX_SIGNATURE_BYTES } from '@lienthong/signatures';
import { z } from 'zod';
import type { RecipientRef } from '../domain/document.ts';
import { exchangeRequest } from './exchange-request.ts';

const MAX_RECIPIENTS = 5000;
const MAX_SIGNATURES = 8;
const MAX_CODE = 100;
/** Parsing stops after so many wrong recipients. */
const MAX_WRONG = 100;

const refusedWith = (reason: string, message: string) => ({
  code: 'custom' as const,
  message,
  params: { reason },
});

const withoutSpaces = (text: { min?: number; max: number }) =>
  field.text(text).superRefine((value, context) => {
    if (/[\s/]/.test(value) && text.max === 11)
      context.addIssue(
        refusedWith('NUMBER_INVALID', 'must not contain spaces or "/"; the notation has its own field'),
      );
    else if (/\s/.test(value)) context.addIssue(refusedWith('NOTATION_INVALID', 'must not contain spaces'));
  });

export const notationField = withoutSpaces({ min: 1, max: 30 });

export const issueRequest = z.object({
  number: withoutSpaces({ max: 11 }),
  notation: notationField,
  type: field.text({ min: 1, max: 10 }).superRefine((type, context) => {
    if (!DOCUMENT_TYPES.has(type))
      context.addIssue(
        refusedWith('TYPE_UNKNOWN', `must be one of ${[...DOCUMENT_TYPES.keys()].join(', ')}`),
      );
  }),
  subject: field.text({ min: 1, max: 500 }),
  content: field.text({ max: 100_000 }),
  urgency: enumField(Urgency, Urgency.NORMAL),
  deliverBy: z.date().optional(),
  place: field.text({ max: 150 }),
  promulgatedOn: field.optionalDate,
  signer: z
    .object({
      competence: field.text({ max: 100 }),
      position: field.text({ max: 100 }),
      fullName: field.text({ max: 50 }),
    })
    .optional(),
  steering: enumField(SteeringType, SteeringType.NONE),
  dueOn: field.optionalDate,
  tasks: manyOf(z.object({ content: field.text({ min: 1, max: 2000 }), dueOn: field.optionalDate }), 200),
  businessKind: enumField(BusinessKind, BusinessKind.NEW),
  refersToId: field.optionalUuid,
  businessReason: field.text({ max: 500 }),
  respondsToId: field.optionalUuid,
  attachments: manyOf(
    z.object({
      sha256: field.sha256,
      name: field.text({ min: 1, max: 200 }),
      contentType: field.text({ max: 100 }),
      description: field.text({ max: 500 }),
    }),
    100,
  ),
  toPlaces: manyOf(field.text({ min: 1, max: 150 }), 200),
  appendixes: manyOf(field.text({ min: 1, max: 250 }), 100),
  pageAmount: z.number().int().min(0, 'must not be negative').max(999_999_999, 'must be at most 999999999'),
  signatures: manyOf(
    z.object({
      format: enumField(SignatureFormat).superRefine((format, context) => {
        if (format === SignatureFormat.PADES)
          context.addIssue(refusedWith('ENUM_INVALID', 'must be CMS or JWS: a PDF has its signature inside'));
      }),
      role: enumField(SignatureRole),
      signature: z.instanceof(Uint8Array).superRefine(({ length }, context) => {
        if (length === 0) context.addIssue(refusedWith('FIELD_REQUIRED', 'must not be empty'));
        if (length > MAX_SIGNATURE_BYTES)
          context.addIssue(
            refusedWith('SIGNATURE_TOO_LARGE', `must be at most ${MAX_SIGNATURE_BYTES} bytes`),
          );
      }),
    }),
    MAX_SIGNATURES,
  ),
  exchange: exchangeRequest.optional(),
  recipients: z.custom<readonly Recipient[]>().transform(parseRecipients),
  secrecyMark: z.number().superRefine((mark, context) => {
    if (mark !== 0)
      context.addIssue(
        refusedWith(
          'STATE_SECRET',
          'must not be set: state secrets never travel here; use the channel that the law names',
        ),
      );
  }),
});

/** A plain loop: for thousands of recipients, a schema for each would cost more than the rest of the call. */
function parseRecipients(given: readonly Recipient[], context: z.RefinementCtx): RecipientRef[] {
  let wrong = 0;
  const add = (path: PropertyKey[], reason: string, message: string) => {
    wrong += 1;
    context.addIssue({ ...refusedWith(reason, message), path });
  };
  if (given.length === 0) add([], 'RECIPIENT_MISSING', 'must name at least one agency');
  if (given.length > MAX_RECIPIENTS)
    add([], 'TOO_MANY', `must be at most ${MAX_RECIPIENTS}; there are ${given.length}`);
  const recipients: RecipientRef[] = [];
  for (let i = 0; i < given.length && i < MAX_RECIPIENTS && wrong < MAX_WRONG; i += 1) {
    const { recipient, asOf } = given[i] as Recipient;
    if (asOf !== '' && !isDate(asOf))
      add(
        [i, 'asOf'],
        'DATE_INVALID',
        'must be a real date of the years 1900 to 2200, written YYYY-MM-DD, or empty',
      );
    if (recipient === undefined) {
      add([i], 'FIELD_REQUIRED', 'must name an agency by agency_id or code');
    } else if (recipient.$case === 'agencyId') {
      const agencyId = recipient.value.toLowerCase();
      if (!isUuid(agencyId)) add([i, 'agencyId'], 'UUID_INVALID', 'must be a UUID');
      recipients.push({ agencyId, scheme: '', code: '', asOf });
    } else {
      const { scheme, code } = recipient.value;
      if (code.trim() === '') add([i, 'code'], 'FIELD_REQUIRED', 'must not be empty');
      for (const [name, text] of [
        ['scheme', scheme],
        ['code', code],
      ] as const)
        if (text.length > MAX_CODE)
          add([i, 'code', name], 'FIELD_TOO_LONG', `must be at most ${MAX_CODE} characters`);
      recipients.push({ agencyId: '', scheme: scheme.trim(), code: code.trim(), asOf });
    }
  }
  return recipients;
}
