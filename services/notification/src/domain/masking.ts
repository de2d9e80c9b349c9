/** "n•••@example.vn": enough to recognise one's own. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '' : `${[...email][0]}•••${email.slice(at)}`;
}

/** "+84•••678". */
export const maskedPhone = (phone: string): string =>
  phone === '' ? '' : `${phone.slice(0, 3)}•••${phone.slice(-3)}`;

/** As numbers are written in text; ids of messages are longer, or have letters between. */
const ANY_NUMBER = /(?<![\p{L}\d-])\+?\d(?:[ ().-]?\d){8,14}(?![\p{L}\d-])/gu;

const LONGEST_ANSWER = 300;
const ANY_ADDRESS = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** A provider's answer as it is kept: addresses are taken out, and the number it went to however that is written. */
export const withoutContacts = (answer: string, to: string): string =>
  withoutNumber(answer.replace(ANY_ADDRESS, '•••'), to).slice(0, LONGEST_ANSWER);

/** The same where nobody says whom it went to. */
export const withoutAnyContact = (text: string): string =>
  text.replace(ANY_ADDRESS, '•••').replace(ANY_NUMBER, '•••').slice(0, LONGEST_ANSWER);

function withoutNumber(text: string, to: string): string {
  const digits = /^\+?[\d ().-]+$/.test(to) ? to.replace(/\D/g, '') : '';
  if (digits.length < 9) return text;
  // The last nine digits are the subscriber's, whatever is written before them: +84…, 84…, 0….
  return text.replace(new RegExp(`\\+?\\d{0,6}${[...digits.slice(-9)].join('[ ().-]?')}`, 'g'), '•••');
}
