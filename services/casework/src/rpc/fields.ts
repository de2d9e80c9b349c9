import { ApplicantKind, IdentityAssurance, IdentityKind, ReturnWay } from '@lienthong/contracts/casework';
import { contactField, enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { canonicalIdentity, wrongIdentity } from '../domain/intake/identity.ts';

const MAX_DATA = 1000;
/** Characters of all texts of data. */
const MAX_DATA_SIZE = 200_000;
const MAX_PAPERS = 100;
/** The most originals or copies of one paper. */
const MAX_SHEETS = 1000;
/** More than any fee: a higher number is a mistake. */
const MAX_AMOUNT_VND = 1_000_000_000_000n;
const KEY = { max: 60 };

const issue = (message: string, reason: string) => ({ code: 'custom' as const, message, params: { reason } });

export const dossierId = field.uuid;

export const taskNumber = z.number().superRefine((number, context) => {
  if (!Number.isInteger(number) || number < 1)
    context.addIssue(issue('must be 1 or more: the number of an open task', 'TASK_NUMBER_INVALID'));
});

export const requiredText = (max = 2000) => field.text({ min: 1, max });
export const optionalText = (max = 2000) => field.text({ max });
export const key = field.text(KEY);

const sheets = z.number().superRefine((count, context) => {
  if (!Number.isInteger(count) || count < 0 || count > MAX_SHEETS)
    context.addIssue(issue(`must be between 0 and ${MAX_SHEETS}`, 'COUNT_INVALID'));
});

/** Texts by path. The procedure decides which paths there are, and their types. */
export const data = z
  .record(field.text({ min: 1, max: 300 }), field.text({ max: 2000 }))
  .superRefine((texts, context) => {
    const count = Object.keys(texts).length;
    if (count > MAX_DATA)
      return context.addIssue(issue(`must have at most ${MAX_DATA} texts; there are ${count}`, 'TOO_MANY'));
    const size = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
    if (size > MAX_DATA_SIZE)
      context.addIssue(
        issue(`must have at most ${MAX_DATA_SIZE} characters; there are ${size}`, 'FIELD_TOO_LONG'),
      );
  });

export const papers = manyOf(
  z
    .object({ key, name: optionalText(500), sha256: field.optionalSha256, originals: sheets, copies: sheets })
    .superRefine((paper, context) => {
      if (paper.key === '' && paper.name === '')
        context.addIssue({
          ...issue('is required for a paper without a key: its name', 'FIELD_REQUIRED'),
          path: ['name'],
        });
    }),
  MAX_PAPERS,
);

export const results = manyOf(
  z.object({ key, name: optionalText(500), sha256: field.optionalSha256, number: optionalText(100), data }),
  MAX_PAPERS,
);

const person = {
  fullName: requiredText(200),
  identityKind: enumField(IdentityKind, IdentityKind.UNSPECIFIED),
  identityNumber: optionalText(50),
  address: optionalText(500),
  ...contactField,
};

interface Identity {
  identityKind: IdentityKind;
  identityNumber: string;
  identityAssurance?: IdentityAssurance;
  hasVneid?: boolean;
}

/** Refuses: IDENTITY_INVALID; FIELD_REQUIRED where something is said of an identity document without a number. */
function checkIdentity(
  { identityKind, identityNumber, identityAssurance = 0, hasVneid = false }: Identity,
  context: z.RefinementCtx,
): void {
  const path = ['identityNumber'];
  const isNamed = identityKind !== IdentityKind.UNSPECIFIED || identityAssurance !== 0 || hasVneid;
  if (identityNumber === '') {
    if (isNamed)
      context.addIssue({
        ...issue('is required: the number of the identity document', 'FIELD_REQUIRED'),
        path,
      });
    return;
  }
  const form = wrongIdentity(identityKind, identityNumber);
  if (form !== undefined) context.addIssue({ ...issue(`must be ${form}`, 'IDENTITY_INVALID'), path });
}

/** A number of a stated kind in the form by which it is compared. */
const withCanonicalIdentity = <P extends Identity>(one: P): P =>
  one.identityKind === IdentityKind.UNSPECIFIED
    ? one
    : { ...one, identityNumber: canonicalIdentity(one.identityNumber) };

const submitter = z
  .object({ ...person, authorisation: optionalText(500) })
  .superRefine(checkIdentity)
  .transform(withCanonicalIdentity)
  .optional();

export const applicant = z
  .object(
    {
      ...person,
      kind: enumField(ApplicantKind, ApplicantKind.UNSPECIFIED),
      identityAssurance: enumField(IdentityAssurance, IdentityAssurance.UNSPECIFIED),
      hasVneid: z.boolean(),
      submitter,
    },
    'is required',
  )
  .superRefine(checkIdentity)
  .transform((one) => ({ ...withCanonicalIdentity(one), submitter: one.submitter }));

/** Null: at the counter of the intake agency. */
export const resultReturn = z
  .object({
    way: enumField(ReturnWay, ReturnWay.COUNTER),
    place: optionalText(500),
    agencyId: field.optionalUuid,
  })
  .superRefine(({ way, agencyId }, context) => {
    if (agencyId !== '' && way !== ReturnWay.COUNTER)
      context.addIssue({
        ...issue('must be empty: only a result that is taken at a counter has one', 'FIELD_NOT_ALLOWED'),
        path: ['agencyId'],
      });
  })
  .optional()
  .transform((one) =>
    one === undefined || (one.way === ReturnWay.COUNTER && one.place === '' && one.agencyId === '')
      ? null
      : one,
  );

const amountFrom = (least: bigint, meaning: string) =>
  z
    .bigint()
    .superRefine((amount, context) => {
      if (amount < least || amount > MAX_AMOUNT_VND)
        context.addIssue(issue(`must be between 1 and ${MAX_AMOUNT_VND} đồng${meaning}`, 'AMOUNT_INVALID'));
    })
    .transform(Number);

export const amountVnd = amountFrom(1n, '');
/** 0: the dossier's fee. */
export const amountOrFee = amountFrom(0n, ", or 0 for the dossier's fee");

/** Epoch milliseconds. */
export const futureInstant = z
  .date('is required')
  .superRefine((at, context) => {
    if (at.getUTCFullYear() > 2099) context.addIssue(issue('must be before the year 2100', 'DATE_INVALID'));
  })
  .transform((at) => at.getTime());

/** 1 to 20 agencies, each once. */
export const agencyIds = manyOf(field.uuid, 20).superRefine((ids, context) => {
  if (ids.length === 0) context.addIssue(issue('must name at least one agency', 'FIELD_REQUIRED'));
  ids.forEach((id, i) => {
    if (ids.indexOf(id) < i)
      context.addIssue({ ...issue('is in the list already', 'AGENCY_TWICE'), path: [i] });
  });
});
