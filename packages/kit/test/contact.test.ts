import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactField, phoneFrom, readablePhone } from '../src/index.ts';

test.each([
  ['0901 234 567', '+84901234567'],
  ['0901.234.567', '+84901234567'],
  ['0901-234-567', '+84901234567'],
  ['0901–234–567', '+84901234567'],
  ['+84 901 234 567', '+84901234567'],
  ['84901234567', '+84901234567'],
  ['0084901234567', '+84901234567'],
  ['+84 (0)901 234 567', '+84901234567'],
  ['０９０１２３４５６７', '+84901234567'],
  ['(024) 3825 1234', '+842438251234'],
  ['0270 3823 456', '+842703823456'],
  ['+33 1 23 45 67 89', '+33123456789'],
  ['0033 1 23 45 67 89', '+33123456789'],
])('%s is %s', (text, phone) => {
  expect(phoneFrom(text)).toBe(phone);
  expect(contactField.phone.parse(text)).toBe(phone);
});

test.each([
  'gọi sau',
  '',
  '113',
  '0901 234 56',
  '0901 234 5678',
  '01634 567 890',
  '1900 1234',
  '901234567',
  '+84 1900 1234',
  '+0901234567',
  '++84901234567',
  '+84901234567;0901234568',
])('%j is refused', (text) => {
  expect(phoneFrom(text)).toBeUndefined();
  if (text !== '') expect(contactField.phone.safeParse(text).success).toBe(false);
});

test('the form that is kept, and the form that is read, give the same number again', () => {
  const vietnamese = fc.stringMatching(/^(?:[35789][0-9]{8}|2[0-9]{9})$/).map((digits) => `+84${digits}`);
  const other = fc
    .stringMatching(/^(?:[1-79][0-9]{8,12}|8[0-35-9][0-9]{7,11})$/)
    .map((digits) => `+${digits}`);
  const separated = fc.array(fc.constantFrom(' ', '.', '-', '\u00a0', ''), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(vietnamese, other), separated, (phone, separators) => {
      expect(phoneFrom(phone)).toBe(phone);
      expect(phoneFrom(readablePhone(phone))).toBe(phone);
      const spread = [...phone].map((digit, i) => digit + (i === 0 ? '' : separators[i])).join('');
      expect(phoneFrom(spread)).toBe(phone);
    }),
  );
});

test('what is accepted is E.164, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+84 .-()') }), (text) => {
      expect(phoneFrom(text) ?? '+84901234567').toMatch(/^\+[1-9]\d{7,14}$/);
    }),
  );
});

test('numbers are read in the groups that are usual here', () => {
  expect(readablePhone('+84901234567')).toBe('0901 234 567');
  expect(readablePhone('+842438251234')).toBe('024 3825 1234');
  expect(readablePhone('+842703822777')).toBe('0270 3822 777');
  expect(readablePhone('+33123456789')).toBe('+33123456789');
  expect(readablePhone('0901 234 567')).toBe('0901 234 567');
  expect(readablePhone('')).toBe('');
});

test('an e-mail address cannot end a header', () => {
  for (const text of ['a@b.vn\r\nbcc: c@d.vn', 'không phải', 'a..b@c.vn', 'a@b@c.vn'])
    expect(contactField.email.safeParse(text).success, text).toBe(false);
  for (const text of ['', ' an@example.vn ', 'nguyễn.an@ví-dụ.vn'])
    expect(contactField.email.safeParse(text).success, text).toBe(true);
});
