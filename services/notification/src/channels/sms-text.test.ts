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

  it.each([
    ['Lệ phí 50.000₫, hạn 5₫', 'Le phi 50.000d, han 5d'],
    ['Lệ phí 50.000 ₫', 'Le phi 50.000 d'],
    ['tính bằng ₫', 'tinh bang VND'],
    ['Đ\u200bề\u200d ngh\ufeffị\u00ad\u2060', 'De nghi'],
    ['‘một’ ‚hai‛ „ba‟ «bốn» ‹năm›', "'mot' 'hai' \"ba\" \"bon\" 'nam'"],
    ['a‐b‑c‒d–e—f―g−h', 'a-b-c-d-e-f-g-h'],
    ['Y Ƀhăm, Krông Ƀuk, R’lấp, Ea H’leo, Čư Mgar', "Y Bham, Krong Buk, R'lap, Ea H'leo, Cu Mgar"],
    ['Kƀang Ŏi Ñ ƀơ̆ŋ', 'Kbang Oi N bong'],
    ['Mường Nhé: ɲuôn, ɔŋ, ɛ, ə', 'Muong Nhe: nhuon, ong, e, e'],
    ['Đã xong ✅ 👨‍👩‍👧‍👦 rồi 🇻🇳', 'Da xong roi'],
    ['ＳĐＴ: ０９１２ ² ① ﬁ …', 'SDT: 0912 2 1 fi ...'],
    ['កម្ពុជា និង ភាសា ꪼꪕ 中文 عربى', ''],
    ['10°C ± 2 × 3 ≤ 4 → 5', '10oC +/- 2 x 3 <= 4 -> 5'],
    ['một\u00a0hai\u2009ba\tbốn\u2028năm', 'mot hai ba bon\nnam'],
  ])('is transliterated, never "?": %s', (text, plain) => {
    for (const form of ['NFC', 'NFD']) expect(withoutMarks(text.normalize(form))).toBe(plain);
  });

  it('keeps a question mark that was written', () => {
    expect(withoutMarks('Đã nộp chưa? {a} [b] ~ €5')).toBe('Da nop chua? {a} [b] ~ €5');
  });

  it('has no "?" for any character of Unicode', () => {
    for (let point = 0x80; point < 0x20000; point += 1)
      if (point < 0xd800 || point > 0xdfff) {
        const character = String.fromCodePoint(point);
        const plain = withoutMarks(character);
        // Some are question marks: ⁇, ﹖, ？.
        if (plain.includes('?') && !character.normalize('NFKD').includes('?'))
          expect.fail(`U+${point.toString(16)} gives ${plain}`);
        expect(smsSize(plain).encoding).toBe('gsm7');
      }
  });

  it('always uses the cheap alphabet', () => {
    const all = Array.from({ length: 0x1f00 }, (_, i) => String.fromCodePoint(i + 1)).join('');
    expect(smsSize(withoutMarks(`${all}📮中`)).encoding).toBe('gsm7');
    expect(withoutMarks('📮')).toBe('');
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
