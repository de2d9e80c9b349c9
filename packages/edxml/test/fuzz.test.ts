import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EdxmlPackage, PackageReader, readPackage, writePackage } from '../src/index.ts';
import { edxmlPackage } from './support/arbitrary.ts';
import { accepted } from './support/sample.ts';

/** A byte replaced, bytes taken out, or a part repeated. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '</a>',
      '<a>',
      '<!--',
      ']]>',
      '<![CDATA[',
      '<?x',
      '&#0;',
      '&#xD;',
      '"',
      '\u00ff',
    ),
    fc.string({ maxLength: 4 }),
  ),
  repeats: fc.boolean(),
});

function mutate(
  bytes: Buffer,
  { at, length, insert, repeats }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
) {
  const from = Math.floor(at * bytes.length);
  const part = bytes.subarray(from, from + length);
  return Buffer.concat([
    bytes.subarray(0, from),
    Buffer.from(insert, 'latin1'),
    repeats ? Buffer.concat([part, part]) : Buffer.alloc(0),
    bytes.subarray(from + length),
  ]);
}

/** Bytes are accepted or refused with a place; what is accepted can be written, and is the same when it is read again. */
function check(bytes: Buffer): void {
  const result = readPackage(bytes);
  if (result.ok) {
    const written = accepted(readPackage(writePackage(result.package)));
    expect(written.edxml).toEqual({ ...result.package, signed: false } satisfies EdxmlPackage);
  } else {
    expect(result.violations.length).toBeGreaterThan(0);
    for (const { line, column, reason, description } of result.violations) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(`${reason}: ${description}`).not.toContain('undefined');
    }
  }
}

test('packages with wrong bytes in them', () => {
  fc.assert(
    fc.property(edxmlPackage, fc.array(mutation, { minLength: 1, maxLength: 4 }), (edxml, mutations) =>
      check(mutations.reduce(mutate, writePackage(edxml))),
    ),
    { numRuns: 1000 },
  );
});

test('any bytes, and any text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => check(Buffer.from(bytes))),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
      check(Buffer.from(`<a>${text}</a>`)),
    ),
    { numRuns: 200 },
  );
});

test('wrong bytes are refused alike, however they are cut', () => {
  fc.assert(
    fc.property(edxmlPackage, mutation, fc.integer({ min: 1, max: 50 }), (edxml, one, size) => {
      const bytes = mutate(writePackage(edxml), one);
      const reader = new PackageReader();
      for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
      const inParts = reader.end();
      const whole = readPackage(bytes);
      expect(inParts.ok).toBe(whole.ok);
      if (inParts.ok) expect(inParts).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});
