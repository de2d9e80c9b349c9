import { describe, expect, test } from 'vitest';
import { printable } from '../src/printable.ts';

describe('printable text', () => {
  test('is normalised to NFC', () => {
    expect(printable('Nguyễn Thị Ngỡ'.normalize('NFD'))).toBe('Nguyễn Thị Ngỡ');
  });
  test('has no control or direction characters', () => {
    expect(printable('a\u0000b\u202ec\u2066d\u200fe\ufeff\u007f')).toBe('abcde');
    expect(printable('một\r\nhai\rba\u2028bốn\tnăm')).toBe('một\nhai\nba\nbốn năm');
    expect(printable('\ud800x')).toBe('\ufffdx');
  });
});
