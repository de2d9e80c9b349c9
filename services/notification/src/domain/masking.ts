/** "n•••@example.vn": enough to recognise one's own. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '' : `${[...email][0]}•••${email.slice(at)}`;
}

/** "+84•••678". */
export const maskedPhone = (phone: string): string =>
  phone === '' ? '' : `${phone.slice(0, 3)}•••${phone.slice(-3)}`;
