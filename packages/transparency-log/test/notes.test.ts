import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatCheckpoint,
  formatNote,
  formatProof,
  generateSignerKey,
  leafHash,
  openCheckpoint,
  type Policy,
  parseCheckpoint,
  parseNote,
  parseProof,
  proveInclusion,
  readSigner,
  readVerifier,
  rootAt,
  type Signer,
  VerificationError,
  verifyProof,
} from '../src/index.ts';
import { entriesOf, entryOf, treeOf } from './tree.ts';

const ORIGIN = 'lienthong.example.vn/nhat-ky';
const SIZE = 21;
const tree = treeOf(entriesOf(SIZE));
const log = readSigner(generateSignerKey(ORIGIN, 'note'));
const witness = readSigner(generateSignerKey('nhan-chung.example.vn/1', 'cosignature'));
const other = readSigner(generateSignerKey('nhan-chung.example.vn/2', 'cosignature'));
const verifierOf = ({ verifierKey }: Signer) => readVerifier(verifierKey);
const policy: Policy = {
  origin: ORIGIN,
  log: [verifierOf(log)],
  witnesses: [verifierOf(witness), verifierOf(other)],
  quorum: 1,
};
const text = formatCheckpoint({ origin: ORIGIN, size: SIZE, root: await rootAt(tree, SIZE), extensions: [] });
const signed = (by: readonly Signer[], of = text) =>
  formatNote({ text: of, signatures: by.map((signer) => signer.sign(of, 1_764_000_000)) });

describe('a checkpoint', () => {
  test('is believed with the signatures of the log and a quorum of witnesses', () => {
    const opened = openCheckpoint(signed([log, witness]), policy);
    expect(opened).toMatchObject({ origin: ORIGIN, size: SIZE });
    expect(opened.cosignatures).toEqual([{ witness: witness.name, seconds: 1_764_000_000 }]);
    expect(openCheckpoint(Buffer.from(signed([log, witness, other])), { ...policy, quorum: 2 }).size).toBe(
      SIZE,
    );
  });

  test.each([
    ['without a witness', signed([log]), '0 of the trusted witnesses'],
    ['with one witness twice, when two must sign', signed([log, witness, witness]), '1 of the trusted'],
    ['without the log', signed([witness, other]), 'no key of lienthong.example.vn/nhat-ky has signed'],
    [
      'signed by an unknown key of the same name',
      signed([readSigner(generateSignerKey(ORIGIN, 'note')), witness]),
      'no key of',
    ],
  ])('%s is not', (_, note, message) => {
    expect(() => openCheckpoint(note, { ...policy, quorum: 2 })).toThrow(message);
  });

  test('of another log is not, even with its own good signatures', () => {
    const foreign = text.replace(ORIGIN, 'khac.example.vn');
    expect(() => openCheckpoint(signed([log, witness], foreign), policy)).toThrow(
      'of the log khac.example.vn, not of lienthong.example.vn/nhat-ky',
    );
  });

  test('with the cosignature of another checkpoint is not', () => {
    const later = text.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`);
    const note = formatNote({ text, signatures: [log.sign(text, 0), witness.sign(later, 1)] });
    expect(() => openCheckpoint(note, policy)).toThrow(`the signature of ${witness.name} does not verify`);
  });

  test('that was changed in any byte is not', () => {
    const note = Buffer.from(signed([log, witness, other]));
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(note);
        changed[at] = (changed[at] as number) ^ by;
        expect(() => openCheckpoint(changed, { ...policy, quorum: 2 })).toThrow(VerificationError);
      }),
    );
  });

  test('of a previous key of the log is still believed', () => {
    const next = readSigner(generateSignerKey(ORIGIN, 'note'));
    const both = { ...policy, log: [verifierOf(next), verifierOf(log)] };
    expect(openCheckpoint(signed([log, witness]), both).size).toBe(SIZE);
    expect(openCheckpoint(signed([next, witness]), both).size).toBe(SIZE);
  });
});

test.each([
  ['a size with a leading zero', `${ORIGIN}\n021\nAAAA\n`],
  ['a size that is too large', `${ORIGIN}\n99999999999999999\nAAAA\n`],
  ['a short hash', `${ORIGIN}\n21\nAAAA\n`],
  ['Base 64 that is not canonical', text.replace(/=\n$/, '\n')],
  ['an empty line', `${text}\n`],
  ['two lines', `${ORIGIN}\n21\n`],
])('a checkpoint with %s is refused', (_, malformed) => {
  expect(() => parseCheckpoint(malformed)).toThrow(VerificationError);
});

test.each([
  ['no signature', `${text}\n`],
  ['no blank line', text],
  ['a hyphen for the dash', signed([log]).replace('— ', '- ')],
  ['a carriage return', signed([log]).replaceAll('\n', '\r\n')],
  ['a name with a plus', signed([log]).replace(`— ${ORIGIN}`, '— a+b')],
  ['something after the signature', signed([log]).replace(/\n$/, ' x\n')],
  ['no last newline', signed([log]).replace(/\n$/, '')],
])('a note with %s is refused', (_, note) => {
  expect(() => parseNote(note)).toThrow(VerificationError);
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(signed([log]))]))).toThrow('UTF-8');
});

test('keys with a wrong id, type, length or name are refused, and a secret is not repeated', () => {
  const key = generateSignerKey(ORIGIN, 'note');
  // PRIVATE+KEY+<name>+<id>+<base64>, and base64 has plus signs of its own.
  const secret = key.split('+').slice(4).join('+');
  for (const wrong of [
    key.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
    key.slice(0, -4),
    key.replace('+A', '+B'),
  ]) {
    let message = '';
    try {
      readSigner(wrong);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(secret.slice(0, 20));
  }
  expect(() => readVerifier('a b+00000000+AAAA')).toThrow('no spaces');
  expect(() => generateSignerKey('a+b', 'note')).toThrow('no plus signs');
});

describe('a proof', () => {
  const proofOf = async (index: number, extra?: Buffer) =>
    formatProof({
      extra,
      index,
      hashes: await proveInclusion(tree, index, SIZE),
      checkpoint: signed([log, witness]),
    });

  test('verifies without the log', async () => {
    for (let index = 0; index < SIZE; index += 1) {
      const proof = parseProof(await proofOf(index, Buffer.from('muối')));
      expect(proof.extra?.toString()).toBe('muối');
      expect(verifyProof(proof, entryOf(index), policy).size).toBe(SIZE);
    }
  });

  test('is read back as it was written', async () => {
    for (const extra of [undefined, Buffer.alloc(0), Buffer.from('muối')]) {
      const text = await proofOf(3, extra);
      expect(formatProof(parseProof(text))).toBe(text);
    }
  });

  test('does not verify for another entry, or with another index', async () => {
    const proof = parseProof(await proofOf(3));
    expect(() => verifyProof(proof, entryOf(4), policy)).toThrow(
      'the entry is not leaf 3 of the tree of 21 leaves',
    );
    for (const index of [2, 4, 21])
      expect(() => verifyProof({ ...proof, index }, entryOf(3), policy)).toThrow(
        `the entry is not leaf ${index}`,
      );
    expect(() => verifyProof({ ...proof, hashes: [leafHash(entryOf(3))] }, entryOf(3), policy)).toThrow(
      'not leaf 3',
    );
  });

  test('that is not one is refused', async () => {
    const proof = await proofOf(3);
    for (const wrong of [
      '',
      proof.slice(3),
      proof.replace('index 3', 'index 03'),
      proof.replace('index 3', 'index 9007199254740993'),
      proof.replace('index 3', 'extra !\nindex 3'),
      proof.replace('index 3\n', `index 3\n${'AAAA\n'.repeat(3)}`),
      proof.replace('index 3\n', `index 3\n${`${leafHash(entryOf(0)).toString('base64')}\n`.repeat(64)}`),
    ])
      expect(() => parseProof(wrong)).toThrow(VerificationError);
  });
});
