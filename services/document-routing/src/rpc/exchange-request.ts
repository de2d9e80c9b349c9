import type { Exchange } from '@lienthong/contracts/routing';
import { field, manyOf } from '@lienthong/kit';
import { z } from 'zod';

const MAX_NUMBER = 999_999_999;

const text = (max: number) => field.text({ max });
const number = z
  .number()
  .int()
  .min(0, 'must not be negative')
  .max(MAX_NUMBER, `must be at most ${MAX_NUMBER}`);
const organId = field.text({ min: 1, max: 100 });

const foreignDocument = z.object({
  system: text(50),
  documentId: text(200),
  organId: text(100),
  number: text(11),
  notation: text(30),
  promulgatedOn: field.optionalDate,
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
  traces: manyOf(z.object({ organId: text(100), at: z.date().optional() }), 500),
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
});

/** `Exchange` of the contract, with the lengths of QCVN 102:2016. */
export const exchangeRequest = fields.transform(
  ({ origin, from, staffInfo, traces, ...rest }): Exchange => ({
    ...rest,
    origin,
    from,
    staffInfo,
    traces: traces.map(({ organId, at }) => ({ organId, at })),
  }),
);
