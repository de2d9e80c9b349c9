import type { AgencyCode } from '@lienthong/contracts/common';
import { type AgencyRef, Tier } from '@lienthong/contracts/directory';
import { field, isUuid } from '@lienthong/kit';
import { z } from 'zod';
import type { Ref } from '../domain/command.ts';

const wrong = (message: string, reason: string, path: (string | number)[] = []) =>
  ({ code: 'custom', message, params: { reason }, path }) as const;

/** What a code of each scheme looks like. */
const schemes = [
  {
    // QĐ 20/2020/QĐ-TTg: the first level is a letter A–Y and two digits.
    scheme: 'QD20',
    pattern: /^(?=.{1,35}$)[A-Y]\d\d(\.[A-Z0-9]+)*$/,
    rule: 'must be levels of A–Z and 0–9 joined by dots, at most 35 characters, the first one a letter A–Y and two digits',
  },
  // TT 10/2016/TT-BTTTT
  { scheme: 'TT10', pattern: /^\d{3}\.\d\d\.\d\d\.[A-Y]\d\d$/, rule: 'must be like 000.00.14.H20' },
  { scheme: 'GSO', pattern: /^\d{2,5}$/, rule: 'must be two to five digits' },
];

export const agencyCode = z
  .object({ scheme: z.string(), code: z.string() }, 'is required')
  .superRefine(({ scheme, code }, context) => {
    const rules = schemes.find((known) => known.scheme === (scheme || 'QD20'));
    if (!rules) {
      context.addIssue(wrong('must be QD20 (or empty), TT10 or GSO', 'SCHEME_UNKNOWN', ['scheme']));
    } else if (!rules.pattern.test(code)) context.addIssue(wrong(rules.rule, 'CODE_INVALID', ['code']));
  })
  .transform(({ scheme, code }): AgencyCode => ({ scheme: scheme || 'QD20', code }));

/** An agency has one code of a scheme at a time. */
export const agencyCodes = z
  .array(agencyCode)
  .max(10)
  .superRefine((codes, context) => {
    for (const [i, { scheme }] of codes.entries()) {
      if (codes.findIndex((other) => other.scheme === scheme) < i) {
        context.addIssue(
          wrong(`is a second ${scheme} code; give one per scheme`, 'OVERLAPPING_VALIDITY', [i, 'code']),
        );
      }
    }
  });

export const agencyRef = z
  .custom<AgencyRef>((ref) => ref !== undefined, {
    error: 'is required',
    params: { reason: 'FIELD_REQUIRED' },
  })
  .transform(({ ref }, context): Ref => {
    switch (ref?.$case) {
      case 'id':
        if (isUuid(ref.value)) return { by: 'id', id: ref.value.toLowerCase() };
        context.addIssue(wrong('id must be a UUID', 'UUID_INVALID'));
        return z.NEVER;
      case 'key':
        return { by: 'key', key: ref.value };
      case 'code': {
        const code = agencyCode.safeParse(ref.value);
        if (code.success) return { by: 'code', code: code.data };
        context.addIssue(wrong(`code ${code.error.issues[0]?.message ?? 'is wrong'}`, 'CODE_INVALID'));
        return z.NEVER;
      }
      default:
        context.addIssue(wrong('must name an agency by id, code or key', 'FIELD_REQUIRED'));
        return z.NEVER;
    }
  });

/** A short tag of lower-case letters, digits and hyphens: "land", "one-stop". */
export const functionTag = z.string().superRefine((tag, context) => {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(tag) || tag.length > 50) {
    context.addIssue(
      wrong('must be lower-case letters, digits and hyphens, at most 50 characters', 'FUNCTION_INVALID'),
    );
  }
});

export const functionTags = z
  .array(functionTag)
  .max(100)
  .superRefine((tags, context) => {
    for (const [i, tag] of tags.entries()) {
      if (tags.indexOf(tag) < i)
        context.addIssue(wrong(`"${tag}" is named twice; name it once`, 'FUNCTION_TWICE', [i]));
    }
  });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');

/** Spans of a week that do not overlap. */
export const officeHours = z
  .array(z.object({ day: z.number().int().min(1).max(7), opens: timeOfDay, closes: timeOfDay }))
  .max(42)
  .superRefine((spans, context) => {
    for (const [i, span] of spans.entries()) {
      if (span.closes <= span.opens)
        context.addIssue(wrong('must be after opens', 'END_BEFORE_START', [i, 'closes']));
      const overlaps = spans
        .slice(0, i)
        .some((s) => s.day === span.day && s.opens < span.closes && span.opens < s.closes);
      if (overlaps)
        context.addIssue(wrong('overlaps an earlier span of that day', 'OVERLAPPING_VALIDITY', [i]));
    }
  });

const tiers: ReadonlySet<number> = new Set(Object.values(Tier));
const knownTier = (tier: number, context: z.RefinementCtx): void => {
  if (!tiers.has(tier)) context.addIssue(wrong('is not a tier', 'TIER_UNKNOWN'));
};

/** A tier, or TIER_UNSPECIFIED. */
export const optionalTier = z.custom<Tier>().superRefine(knownTier);
export const tier = optionalTier.superRefine((value, context) => {
  if (value === Tier.UNSPECIFIED) context.addIssue(wrong('must be set', 'FIELD_REQUIRED'));
});

/** An officer as commands describe one. QCVN 102:2016: FullName 50, Position 100. */
export const fullName = field.text({ min: 1, max: 50 });
export const position = field.text({ min: 1, max: 100 });
export const optionalFullName = field.text({ max: 50 });
export const optionalPosition = field.text({ max: 100 });
export const roles = z
  .array(z.enum(['admin', 'leader', 'clerk', 'officer']))
  .transform((roles) => [...new Set(roles)]);

export const key = field.text({ max: 100 });
export const name = field.text({ min: 1, max: 200 });
export const nameKind = field.text({ max: 50 });
export const legalBasis = field.text({ max: 500 });
