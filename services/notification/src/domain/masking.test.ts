import { expect, test } from 'vitest';
import { maskedEmail, maskedPhone } from './masking.ts';

test('enough to recognise one’s own', () => {
  expect(maskedEmail('nguyen.an@example.vn')).toBe('n•••@example.vn');
  expect(maskedEmail('đức@ví-dụ.vn')).toBe('đ•••@ví-dụ.vn');
  expect(maskedPhone('+84912345678')).toBe('+84•••678');
  expect([maskedEmail(''), maskedPhone('')]).toEqual(['', '']);
});
