import { describe, expect, test } from 'vitest';
import {
  EMPTY_ROOT,
  formatNote,
  leafHash,
  parseNote,
  proveConsistency,
  proveInclusion,
  readSigner,
  readVerifier,
  rootAt,
  verifiedSignatures,
} from '../src/index.ts';
import { hex, treeOf } from './tree.ts';

// The tree of Google's Certificate Transparency implementation, used by RFC 6962's other implementations too.
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const tree = treeOf(ENTRIES);
const hexes = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));

describe('RFC 6962 hashes', () => {
  test('of nothing, and of an empty entry', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(ROOTS[0]);
  });

  test.each(ROOTS.map((root, n) => ({ size: n + 1, root })))(
    'root of $size entries',
    async ({ size, root }) => {
      expect((await rootAt(tree, size)).toString('hex')).toBe(root);
    },
  );
});

const PATH_1_OF_8 = [
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
];

test('inclusion proofs', async () => {
  expect(await proveInclusion(tree, 0, 1)).toEqual([]);
  expect(hexes(await proveInclusion(tree, 0, 8))).toEqual(PATH_1_OF_8);
  expect(hexes(await proveInclusion(tree, 5, 8))).toEqual([
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

test('consistency proofs', async () => {
  expect(await proveConsistency(tree, 8, 8)).toEqual([]);
  expect(hexes(await proveConsistency(tree, 1, 8))).toEqual(PATH_1_OF_8);
  expect(hexes(await proveConsistency(tree, 6, 8))).toEqual([
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

test('the signed note of the Go documentation', () => {
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signer = readSigner('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
  expect(signer.verifierKey).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const note = formatNote({ text, signatures: [signer.sign(text, 0)] });
  expect(note).toBe(
    `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
  );
  const verified = verifiedSignatures(parseNote(note), [readVerifier(signer.verifierKey)]);
  expect(verified.map(({ verifier, seconds }) => [verifier.name, seconds])).toEqual([['PeterNeumann', 0]]);
});
