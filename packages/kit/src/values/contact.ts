import { z } from 'zod';

/** No number and no address is longer, however it is typed; normalising a long text takes long. */
const LONGEST = 1_000;

/** Blanks, dots, dashes, slashes and brackets between digits carry no meaning. */
const SEPARATORS = /[\s./()\-\u2010-\u2015]/gu;
/** Numbers after the country code: mobile ones (9 digits), and landlines with their area code (10 digits). */
const VIETNAMESE = /^(?:[35789]\d{8}|2\d{9})$/;
/** ITU-T E.164. */
const INTERNATIONAL = /^[1-9]\d{7,14}$/;

/**
 * The E.164 form of a telephone number as people write it: "0901 234 567", "(024) 3825-1234", "84901234567",
 * "+84 901.234.567", "+84 (0)901 234 567" or "0033 1 23 45 67 89". Undefined when it cannot be reached from everywhere.
 */
export function phoneFrom(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const compact = text.normalize('NFKC').replace(SEPARATORS, '');
  if (!/^\+?\d{8,18}$/.test(compact)) return undefined;
  const international = /^(?:\+|00)(\d+)$/.exec(compact)?.[1];
  const digits = international ?? compact;
  const national =
    /^840?(\d{9,10})$/.exec(digits)?.[1] ?? (international ? undefined : /^0(\d+)$/.exec(digits)?.[1]);
  if (national !== undefined) return VIETNAMESE.test(national) ? `+84${national}` : undefined;
  if (international === undefined || international.startsWith('84')) return undefined;
  return INTERNATIONAL.test(international) ? `+${international}` : undefined;
}

/** A mobile number; a landline with its area code, which has two digits only in Hà Nội and Hồ Chí Minh City. */
const GROUPS = [/^(\d{3})(\d{3})(\d{3})$/, /^(2[48])(\d{4})(\d{4})$/, /^(\d{3})(\d{4})(\d{3})$/];

/**
 * A telephone number as people in Vietnam read it: "0901 234 567", "024 3825 1234", "0270 3822 777". Other countries'
 * stay in E.164.
 */
export function readablePhone(phone: string): string {
  if (!phone.startsWith('+84')) return phone;
  const groups = GROUPS.find((one) => one.test(phone.slice(3)));
  return groups === undefined ? phone : phone.slice(3).replace(groups, '0$1 $2 $3');
}

/** RFC 5321 allows more than anybody has; an address of this form cannot end a header or a command. */
const EMAIL = /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,188}[\p{L}\p{N}])?$/u;
const isEmail = (text: string): boolean => text.length <= LONGEST && EMAIL.test(text) && !text.includes('..');

const trimmedText = z
  .string()
  .transform((text) => (text.length > LONGEST ? text : text.normalize('NFC').trim()));

/** Fields by which people are reached; each may be empty. */
export const contactField = {
  /** As typed; kept in E.164. Refuses: PHONE_INVALID. */
  phone: trimmedText.transform((text, context) => {
    const phone = text === '' ? '' : phoneFrom(text);
    if (phone !== undefined) return phone;
    context.addIssue({
      code: 'custom',
      message: 'must be a telephone number such as 0901 234 567 or +84 901 234 567, or empty',
      params: { reason: 'PHONE_INVALID' },
    });
    return z.NEVER;
  }),
  /** Refuses: EMAIL_INVALID. */
  email: trimmedText.superRefine((text, context) => {
    if (text === '' || isEmail(text)) return;
    context.addIssue({
      code: 'custom',
      message: 'must be an e-mail address, for example nguyen.van.an@example.vn, or empty',
      params: { reason: 'EMAIL_INVALID' },
    });
  }),
};
