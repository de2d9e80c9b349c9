/** "n•••@example.vn": enough to recognise one's own. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '' : `${[...email][0]}•••${email.slice(at)}`;
}

/** "+84•••678". */
export const maskedPhone = (phone: string): string =>
  phone === '' ? '' : `${phone.slice(0, 3)}•••${phone.slice(-3)}`;

const ANY_ADDRESS = /[^\s<>@,;:"'()[\]]+@[^\s<>@,;:"'()[\]]+/g;
const ANY_NUMBER = /\+?\d[\d\s.-]{6,}\d/g;
const LONGEST_ANSWER = 300;

/** A provider's answer as it is kept: whatever may be an address or a number is taken out. */
export const withoutContacts = (answer: string, to: string): string =>
  answer
    .replaceAll(to, '•••')
    .replace(ANY_ADDRESS, '•••')
    .replace(ANY_NUMBER, '•••')
    .slice(0, LONGEST_ANSWER);
