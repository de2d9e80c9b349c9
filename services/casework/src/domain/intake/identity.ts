/** Numbers of identity documents. */
import { IdentityKind } from '@lienthong/contracts/casework';

/** Blanks, dots, dashes and slashes carry no meaning; letters are capitals. */
const SEPARATORS = /[\s./\-‐-―]/gu;

/** The form by which a number is compared and found. */
export const canonicalIdentity = (text: string): string =>
  text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();

const FORMS: Readonly<Record<IdentityKind, { pattern: RegExp; form: string }>> = {
  [IdentityKind.UNSPECIFIED]: { pattern: /^/, form: '' },
  // NĐ 137/2015/NĐ-CP, Điều 13.
  [IdentityKind.PERSONAL_NUMBER]: { pattern: /^\d{12}$/, form: 'the 12 digits of the personal number' },
  [IdentityKind.PASSPORT]: { pattern: /^[A-Z0-9]{5,15}$/, form: 'a passport number, such as C1234567' },
  [IdentityKind.ENTERPRISE_NUMBER]: {
    pattern: /^\d{10}(\d{3})?$/,
    form: 'the 10 digits of the enterprise, or 13 of its branch',
  },
  [IdentityKind.RESIDENCE_CARD]: {
    pattern: /^[A-Z0-9]{5,15}$/,
    form: 'the number of a residence card, 5 to 15 letters and digits',
  },
  [IdentityKind.OTHER]: { pattern: /^\S/, form: 'the number of the document' },
};

/** What a number of this kind must be; undefined when it is that. */
export function wrongIdentity(kind: IdentityKind, number: string): string | undefined {
  const { pattern, form } = FORMS[kind];
  return pattern.test(canonicalIdentity(number)) ? undefined : form;
}
