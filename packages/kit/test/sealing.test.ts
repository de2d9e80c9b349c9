import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSealer, developmentKeys, readSettings, SealingError, sealingKeys } from '../src/index.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const k1 = key('k1');
const k2 = key('k2');
const ROW = 'contact/nguyen-van-mau/email';

const errorOf = (run: () => unknown): Error => {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

describe('digests', () => {
  it('are equal for one text, purpose and key, and for nothing else', () => {
    const sealer = createSealer(k1);
    const digest = sealer.digest('086190000001', 'identity');
    expect(digest).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(createSealer(k1).digest('086190000001', 'identity')).toBe(digest);
    expect(sealer.digest('086190000002', 'identity')).not.toBe(digest);
    expect(sealer.digest('086190000001', 'phone')).not.toBe(digest);
    expect(createSealer(k2).digest('086190000001', 'identity')).not.toBe(digest);
    // Where the purpose ends and the text begins matters.
    expect(sealer.digest('b', 'a\0')).not.toBe(sealer.digest('\0b', 'a'));
  });

  it('of all keys find what any of them has kept; the first key makes new ones', () => {
    const both = createSealer(`${k2},${k1}`);
    const kept = createSealer(k1).digest('0901234567', 'phone');
    expect(both.digests('0901234567', 'phone')).toEqual([both.digest('0901234567', 'phone'), kept]);
    expect(both.digest('0901234567', 'phone')).toBe(createSealer(k2).digest('0901234567', 'phone'));
  });
});

describe('sealing', () => {
  const sealer = createSealer(k1);

  it.each(['', 'a', 'nguyễn.văn.mẫu@ví-dụ.vn', 'Hòa'.normalize('NFD'), '📮'.repeat(500)])(
    'opens what it sealed, byte by byte: %#',
    (text) => {
      expect(sealer.open(sealer.seal(text, ROW), ROW)).toBe(text);
    },
  );

  it('never seals a text the same way twice, and reveals nothing of it', () => {
    const sealed = Array.from({ length: 100 }, () => sealer.seal('+84912345678', ROW));
    expect(new Set(sealed).size).toBe(100);
    for (const one of sealed) {
      expect(one).toMatch(/^s1\.k1\.[A-Za-z0-9_-]+$/);
      expect(Buffer.from(one.split('.')[2] as string, 'base64url').toString('latin1')).not.toContain('8491');
    }
  });

  it('opens only in the row it was sealed for', () => {
    const sealed = sealer.seal('mau@example.vn', ROW);
    expect(() => sealer.open(sealed, 'contact/tran-thi-b/email')).toThrow(SealingError);
  });

  it('refuses a text with any byte altered, cut or added', () => {
    const [, , encoded = ''] = sealer.seal('mau@example.vn', ROW).split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    const put = (altered: Buffer) => `s1.k1.${altered.toString('base64url')}`;
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes);
      altered[i] = (altered[i] as number) ^ 1;
      expect(() => sealer.open(put(altered), ROW)).toThrow(SealingError);
      expect(() => sealer.open(put(bytes.subarray(0, i)), ROW)).toThrow(SealingError);
    }
    expect(() => sealer.open(put(Buffer.concat([bytes, Buffer.of(0)])), ROW)).toThrow(SealingError);
    for (const text of ['', 'mau@example.vn', 's1.k1.', 's2.k1.AAAA', 's1.k1.AAAA'])
      expect(() => sealer.open(text, ROW)).toThrow('this is not a sealed text');
  });

  it('changes to a new key: the first key seals, all keys open, and texts of older keys are recognised', () => {
    const old = sealer.seal('mau@example.vn', ROW);
    const both = createSealer(`${k2},${k1}`);
    expect(both.open(old, ROW)).toBe('mau@example.vn');
    expect(both.isOutdated(old)).toBe(true);
    const renewed = both.seal(both.open(old, ROW), ROW);
    expect(both.isOutdated(renewed)).toBe(false);
    expect(createSealer(k2).open(renewed, ROW)).toBe('mau@example.vn');
    expect(() => createSealer(k2).open(old, ROW)).toThrow('sealed with the key "k1"');
  });

  it('does not open with another key of the same name, nor with the same key under another name', () => {
    const sealed = sealer.seal('mau@example.vn', ROW);
    expect(() => createSealer(key('k1')).open(sealed, ROW)).toThrow(SealingError);
    const renamed = createSealer(k1.replace('k1:', 'k9:'));
    expect(() => renamed.open(sealed.replace('.k1.', '.k9.'), ROW)).toThrow(SealingError);
  });

  it('does not repeat text or keys in its errors', () => {
    const sealed = sealer.seal('mau@example.vn', ROW);
    const error = errorOf(() => sealer.open(sealed.replace('s1.k1.', 's1.k1.AAAA'), ROW));
    const secret = k1.slice(3);
    for (const shown of [error.message, String(error.stack), String(error.cause ?? '')])
      for (const hidden of ['mau@', secret, sealed.slice(6)]) expect(shown).not.toContain(hidden);
  });
});

describe('sealing keys as a setting', () => {
  const schema = z.object({ LIENTHONG_SEALING_KEYS: sealingKeys });
  const read = (text?: string) => readSettings(schema, { LIENTHONG_SEALING_KEYS: text });

  it('creates the sealer', () => {
    const { LIENTHONG_SEALING_KEYS: sealer } = read(`${k2}, ${k1}`);
    expect(sealer.open(createSealer(k1).seal('x', ROW), ROW)).toBe('x');
  });

  it.each([
    ['k1', 'the key "k1" must be the base64 of 32 bytes'],
    [`K1:${k1.slice(3)}`, 'key 1 must be written id:base64'],
    [`${k2},`, 'key 2 must be written id:base64'],
    [`${k1},${key('k1')}`, 'the key id "k1" is given twice'],
    [`k1:${randomBytes(16).toString('base64')}`, 'the key "k1" must be the base64 of 32 bytes'],
    [`k1:!${k1.slice(3)}`, 'the key "k1" must be the base64 of 32 bytes'],
  ])('refuses an invalid key, without repeating it', (text, problem) => {
    const { message } = errorOf(() => read(text));
    expect(message).toContain(`LIENTHONG_SEALING_KEYS: ${problem}`);
    expect(message).not.toContain(k1.slice(4));
  });

  it('is required', () => {
    expect(() => read()).toThrow('LIENTHONG_SEALING_KEYS: is missing');
  });
});

describe('sealing keys for development', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealing-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are created once, readable by their owner only, also when several processes start at once', async () => {
    const data = join(folder, 'data');
    const given = await Promise.all(Array.from({ length: 8 }, () => developmentKeys(data, 'sealing-key')));
    given.push(await developmentKeys(data, 'sealing-key'));
    expect(new Set(given).size).toBe(1);
    expect(await readdir(data)).toEqual(['sealing-key']);
    expect((await stat(join(data, 'sealing-key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(data, 'sealing-key'), 'utf8')).trim()).toBe(given[0]);
    const sealed = createSealer(given[0] as string).seal('x', ROW);
    expect(createSealer(given[8] as string).open(sealed, ROW)).toBe('x');
  });
});
