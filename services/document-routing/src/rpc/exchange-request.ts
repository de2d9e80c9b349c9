import type { Exchange } from '@lienthong/contracts/routing';
import { field, manyOf } from '@lienthong/kit';
import { z } from 'zod';

const MAX_NUMBER = 999_999_999;
const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$/;

const text = (max: number) => field.text({ max });
const number = z
  .number()
  .int()
  .min(0, 'must not be negative')
  .max(MAX_NUMBER, `must be at most ${MAX_NUMBER}`);
/** A date or time of Vietnam's clocks, or ''. */
const localTime = field.text({ max: 19 }).superRefine((text, context) => {
  if (text !== '' && !LOCAL_TIME.test(text))
    context.addIssue({
      code: 'custom',
      message: 'must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS, or empty',
      params: { reason: 'DATE_INVALID' },
    });
});
const organId = field.text({ min: 1, max: 100 });

const foreignDocument = z.object({
  system: text(50),
  documentId: text(200),
  organId: text(100),
  number: text(11),
  notation: text(30),
  promulgatedOn: field.optionalDate,
  promulgationTime: localTime,
});

const agencyContact = z.object({
  organId,
  inCharge: text(200),
  name: text(200),
  address: text(250),
  email: text(100),
  telephone: text(50),
  fax: text(50),
  website: text(100),
});

const fields = z.object({
  origin: foreignDocument.optional(),
  from: agencyContact.optional(),
  to: manyOf(agencyContact, 5000),
  nationalType: number,
  typeDetail: number,
  typeName: text(100),
  sphereOfPromulgation: text(100),
  typerNotation: text(50),
  promulgationAmount: number,
  direction: text(100),
  respondsTo: manyOf(foreignDocument, 100),
  traces: manyOf(z.object({ organId: text(100), at: z.date().optional(), time: localTime }), 500),
  paper: number,
  businessInfo: text(500),
  businessReceiver: text(500),
  businessReceivers: manyOf(z.object({ organId, receiverType: number }), 5000),
  replacements: manyOf(
    z.object({ documentId: field.text({ min: 1, max: 200 }), organIds: manyOf(organId, 5000) }),
    100,
  ),
  staffInfo: z
    .object({ department: text(200), staff: text(100), email: text(100), mobile: text(50) })
    .optional(),
  businessDocumentId: text(200),
  packageSha256: field.optionalSha256,
  promulgationTime: localTime,
  dueTime: localTime,
  priority: number,
  steeringType: number,
  businessDocType: number,
  attachments: manyOf(z.object({ contentId: text(200), packed: z.boolean() }), 100),
  leniencies: manyOf(z.object({ reason: text(50), path: text(300), description: text(500) }), 200),
});

/** `Exchange` of the contract, with the lengths of QCVN 102:2016. */
export const exchangeRequest = fields.transform(
  ({ origin, from, staffInfo, traces, ...rest }): Exchange => ({
    ...rest,
    origin,
    from,
    staffInfo,
    traces: traces.map(({ organId, at, time }) => ({ organId, at, time })),
  }),
);
