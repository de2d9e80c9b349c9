/** Numbers of identity documents. */
import { IdentityKind } from '@lienthong/contracts/casework';
import { isIdentityNumber } from '@lienthong/workflow';

/** Blanks, dots, dashes and slashes carry no meaning; letters are capitals. */
const SEPARATORS = /[\s./\-‐-―]/gu;

/** The form by which a number is compared and found. */
export const canonicalIdentity = (text: string): string =>
  text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();

/** No number is longer, however it is typed; normalising a long text takes long. */
const LONGEST = 200;

/** The kinds as a procedure's data names them, and what their numbers must be. */
const FORMS: Readonly<Record<IdentityKind, { kind: string; form: string }>> = {
  [IdentityKind.UNSPECIFIED]: { kind: '', form: '' },
  [IdentityKind.PERSONAL_NUMBER]: { kind: 'personal_number', form: 'the 12 digits of the personal number' },
  [IdentityKind.PASSPORT]: { kind: 'passport', form: 'a passport number, such as C1234567' },
  [IdentityKind.ENTERPRISE_NUMBER]: {
    kind: 'enterprise_number',
    form: 'the 10 digits of the enterprise, or 13 of its branch',
  },
  [IdentityKind.RESIDENCE_CARD]: {
    kind: 'residence_card',
    form: 'the number of a residence card, 5 to 15 letters and digits',
  },
  [IdentityKind.OTHER]: { kind: 'other', form: 'the number of the document' },
};

/** What a number of this kind must be; undefined when it is that. */
export function wrongIdentity(kind: IdentityKind, number: string): string | undefined {
  const { kind: key, form } = FORMS[kind];
  return number.length <= LONGEST && isIdentityNumber(key, canonicalIdentity(number)) ? undefined : form;
}
