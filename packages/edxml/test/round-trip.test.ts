import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackageNotWritable, PackageReader, readPackage, writePackage } from '../src/index.ts';
import { edxmlPackage } from './support/arbitrary.ts';
import { accepted } from './support/sample.ts';

test('what is written is read again, every field', () => {
  fc.assert(
    fc.property(edxmlPackage, (edxml) => {
      const { edxml: read } = accepted(readPackage(writePackage(edxml)));
      expect(read).toEqual(edxml);
    }),
    { numRuns: 200 },
  );
});

test('a package that comes in parts of any size is the same package', () => {
  fc.assert(
    fc.property(edxmlPackage, fc.integer({ min: 1, max: 97 }), (edxml, size) => {
      const bytes = writePackage(edxml);
      const reader = new PackageReader();
      for (let at = 0; at < bytes.length; at += size)
        expect(reader.write(bytes.subarray(at, at + size))).toBe(true);
      expect(reader.end()).toEqual(readPackage(bytes));
    }),
    { numRuns: 100 },
  );
});

test('what is read and written again has the same bytes', () => {
  fc.assert(
    fc.property(edxmlPackage, (edxml) => {
      const bytes = writePackage(edxml);
      expect(writePackage(accepted(readPackage(bytes)).edxml)).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
});

test('a value that no package can have is not written', () => {
  const [edxml] = fc.sample(
    edxmlPackage.filter(({ kind }) => kind === 'document'),
    { numRuns: 1, seed: 1 },
  );
  if (edxml?.kind !== 'document') throw new Error('no document was generated');
  for (const subject of ['x\u0000', '\ud800', 'y\uffff', 'z'.repeat(501)])
    expect(() => writePackage({ ...edxml, subject })).toThrow(PackageNotWritable);
});
