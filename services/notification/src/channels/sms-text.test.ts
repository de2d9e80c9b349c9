import { describe, expect, it } from 'vitest';
import { fitSms, smsSize, withoutMarks } from './sms-text.ts';

describe('what an SMS costs', () => {
  it.each([
    ['', 'gsm7', 1],
    ['a'.repeat(160), 'gsm7', 1],
    ['a'.repeat(161), 'gsm7', 2],
    ['a'.repeat(306), 'gsm7', 2],
    ['a'.repeat(307), 'gsm7', 3],
    // The euro sign costs two and is not divided between parts.
    ['€'.repeat(80), 'gsm7', 1],
    ['€'.repeat(81), 'gsm7', 2],
    [`${'€'.repeat(76)}€${'a'.repeat(152)}`, 'gsm7', 3],
    ['ơ'.repeat(70), 'ucs2', 1],
    ['ơ'.repeat(71), 'ucs2', 2],
    ['ơ'.repeat(134), 'ucs2', 2],
    ['ơ'.repeat(135), 'ucs2', 3],
    ['📮'.repeat(35), 'ucs2', 1],
    ['📮'.repeat(36), 'ucs2', 2],
    ['📮'.repeat(66), 'ucs2', 2],
    ['📮'.repeat(67), 'ucs2', 3],
    ['à la ù', 'gsm7', 1],
  ])('%#: is counted as telephones count', (text, encoding, parts) => {
    expect(smsSize(text)).toEqual({ encoding, parts });
  });
});

describe('text without marks', () => {
  it.each(['NFC', 'NFD'])('is plain whatever form it comes in: %s', (form) => {
    expect(withoutMarks('Đề nghị Ông/Bà bổ sung “giấy tờ” – trước 17:00…'.normalize(form))).toBe(
      'De nghi Ong/Ba bo sung "giay to" - truoc 17:00...',
    );
  });

  it('always goes by the cheap alphabet', () => {
    const all = Array.from({ length: 0x1f00 }, (_, i) => String.fromCodePoint(i + 1)).join('');
    expect(smsSize(withoutMarks(`${all}📮中`)).encoding).toBe('gsm7');
    expect(withoutMarks('📮')).toBe('?');
  });
});

describe('a text that is too long', () => {
  const text = 'Hồ sơ được giao cho Ông/Bà xử lý '.repeat(20).trim();

  it.each([1, 2, 4])('is cut at a word to %i parts', (parts) => {
    const cut = fitSms(text, parts);
    expect(smsSize(cut)).toEqual({ encoding: 'ucs2', parts });
    expect(cut.endsWith('...')).toBe(true);
    expect(text.startsWith(cut.slice(0, -3))).toBe(true);
    expect(text[cut.length - 3]).toBe(' ');
  });

  it('is left alone when it fits, and never halves a character', () => {
    expect(fitSms('ngắn', 1)).toBe('ngắn');
    const cut = fitSms('👨‍👩‍👧‍👦'.repeat(50), 1);
    expect(cut).toMatch(/^(👨‍👩‍👧‍👦)+\.\.\.$/u);
    expect(smsSize(cut).parts).toBe(1);
  });
});
