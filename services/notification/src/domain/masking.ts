/** "n•••@example.vn": enough to recognise one's own. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '' : `${[...email][0]}•••${email.slice(at)}`;
}

/** "+84•••678". */
export const maskedPhone = (phone: string): string =>
  phone === '' ? '' : `${phone.slice(0, 3)}•••${phone.slice(-3)}`;

/** A telephone number in a text; ids of messages are longer, or contain letters. */
const ANY_NUMBER = /(?<![\p{L}\d-])\+?\d(?:[ ().-]?\d){8,14}(?![\p{L}\d-])/gu;

const LONGEST_ANSWER = 300;
const ANY_ADDRESS = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** A provider's answer without addresses, and without the recipient's number in any spelling. */
export const withoutContacts = (answer: string, to: string): string =>
  withoutNumber(answer.replace(ANY_ADDRESS, '•••'), to).slice(0, LONGEST_ANSWER);

/** The same where the recipient is unknown: every address and number is removed. */
export const withoutAnyContact = (text: string): string =>
  text.replace(ANY_ADDRESS, '•••').replace(ANY_NUMBER, '•••').slice(0, LONGEST_ANSWER);

function withoutNumber(text: string, to: string): string {
  const digits = /^\+?[\d ().-]+$/.test(to) ? to.replace(/\D/g, '') : '';
  if (digits.length < 9) return text;
  // The last nine digits are the subscriber's, after +84, 84 or 0.
  return text.replace(new RegExp(`\\+?\\d{0,6}${[...digits.slice(-9)].join('[ ().-]?')}`, 'g'), '•••');
}
