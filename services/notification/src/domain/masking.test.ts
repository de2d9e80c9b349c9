import { expect, test } from 'vitest';
import { maskedEmail, maskedPhone, withoutAnyContact, withoutContacts } from './masking.ts';

test('enough to recognise one’s own', () => {
  expect(maskedEmail('nguyen.an@example.vn')).toBe('n•••@example.vn');
  expect(maskedEmail('đức@ví-dụ.vn')).toBe('đ•••@ví-dụ.vn');
  expect(maskedPhone('+84912345678')).toBe('+84•••678');
  expect([maskedEmail(''), maskedPhone('')]).toEqual(['', '']);
});

test.each([
  ['550 <an@xa.example> is unknown', 'an@xa.example', '550 <•••> is unknown'],
  ['550 an@other.example moved to AN@XA.EXAMPLE', 'an@xa.example', '550 ••• moved to •••'],
  ['{"to":"0912 345 678","id":12}', '+84912345678', '{"to":"•••","id":12}'],
  ['84912345678 is no number', '+84912345678', '••• is no number'],
  ['250 queued as 4F2A91234567', 'an@xa.example', '250 queued as 4F2A91234567'],
])('%s', (answer, to, kept) => {
  expect(withoutContacts(answer, to)).toBe(kept);
});

test.each([
  ['failed: 0912 345 678 is switched off', 'failed: ••• is switched off'],
  ['(+84)912.345.678 absent', /•••/],
  ['undelivered 019b0000-0000-7000-8000-000000000001', 'undelivered 019b0000-0000-7000-8000-000000000001'],
  ['error 30008, part 1 of 2', 'error 30008, part 1 of 2'],
  ['bounced an@xa.example', 'bounced •••'],
])('the recipient is unknown: %s', (text, kept) => {
  if (typeof kept === 'string') expect(withoutAnyContact(text)).toBe(kept);
  else expect(withoutAnyContact(text)).not.toMatch(/912/);
});
