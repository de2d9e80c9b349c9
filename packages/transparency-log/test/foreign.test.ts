import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import {
  formatCheckpoint,
  formatNote,
  formatProof,
  generateSignerKey,
  type Hash,
  leafHash,
  parseNote,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  readSigner,
  readVerifier,
  rootAt,
  verifiedSignatures,
} from '../src/index.ts';
import { ask, foreign } from './foreign-verifier.ts';
import { tilesIn } from './tiles.ts';
import { entriesOf, entryOf, treeOf } from './tree.ts';

const ORIGIN = 'lienthong.example.vn/nhat-ky';
const SECONDS = 1_764_000_000;
const MOST = 40;
const entries = entriesOf(1_000);
const tree = treeOf(entries);
const log = readSigner(generateSignerKey(ORIGIN, 'note'));
const witness = readSigner(generateSignerKey('nhan-chung.example.vn/1', 'cosignature'));
const sizes = Array.from({ length: MOST }, (_, n) => n + 1);
const other = leafHash(Buffer.from('khác'));

async function checkpointOf(size: number, root?: Hash): Promise<string> {
  const text = formatCheckpoint({
    origin: ORIGIN,
    size,
    root: root ?? (await rootAt(tree, size)),
    extensions: [],
  });
  return formatNote({ text, signatures: [log.sign(text, 0), witness.sign(text, SECONDS)] });
}

foreign('Go verifies every inclusion proof, and refuses it for the leaf beside', async () => {
  const questions: object[] = [];
  for (const size of sizes) {
    const Root = await rootAt(tree, size);
    for (let Index = 0; Index < size; Index += 1) {
      const question = {
        Kind: 'inclusion',
        Size: size,
        Index,
        Root,
        Proof: await proveInclusion(tree, Index, size),
      };
      questions.push({ ...question, Leaf: leafHash(entryOf(Index)) });
      questions.push({ ...question, Leaf: leafHash(entryOf(Index + 1)) });
    }
  }
  const verdicts = await ask(questions);
  verdicts.forEach((verdict, n) => {
    if (n % 2 === 0) expect(verdict).toBe('');
    else expect(verdict).toMatch('refused: ');
  });
  expect(verdicts).toHaveLength(MOST * (MOST + 1));
});

foreign('Go verifies every consistency proof, and refuses it for another root', async () => {
  const questions: object[] = [];
  for (const Second of sizes) {
    for (let First = 1; First <= Second; First += 1) {
      const FirstRoot = await rootAt(tree, First);
      const SecondRoot = await rootAt(tree, Second);
      const question = {
        Kind: 'consistency',
        First,
        Second,
        Proof: await proveConsistency(tree, First, Second),
      };
      questions.push({ ...question, FirstRoot, SecondRoot });
      questions.push({ ...question, FirstRoot: other, SecondRoot });
    }
  }
  const verdicts = await ask(questions);
  verdicts.forEach((verdict, n) => {
    if (n % 2 === 0) expect(verdict).toBe('');
    else expect(verdict).toMatch('refused: ');
  });
});

foreign('Go opens a checkpoint with its cosignature, and refuses what was changed', async () => {
  const [LogKey, WitnessKey] = [log.verifierKey, witness.verifierKey];
  const question = { Kind: 'checkpoint', LogKey, WitnessKey, Seconds: SECONDS };
  const good = await checkpointOf(700);
  const [another] = (await checkpointOf(701))
    .split('\n')
    .filter((line) => line.startsWith(`— ${witness.name}`));
  const stranger = readSigner(generateSignerKey(ORIGIN, 'note'));
  const verdicts = await ask([
    { ...question, Note: good },
    { ...question, Note: good.replace('\n700\n', '\n701\n') },
    { ...question, Note: good.replace(new RegExp(`— ${witness.name} .*`), another as string) },
    { ...question, Note: good, LogKey: stranger.verifierKey },
    { ...question, Note: good, Seconds: SECONDS + 1 },
  ]);
  expect(verdicts[0]).toBe('');
  for (const verdict of verdicts.slice(1)) expect(verdict).toMatch('refused: ');
});

foreign('Go verifies a proof file, and refuses another entry or index', async () => {
  const index = 345;
  const file = (extra?: Buffer) => async () =>
    formatProof({
      extra,
      index,
      hashes: await proveInclusion(tree, index, 1_000),
      checkpoint: await checkpointOf(1_000),
    });
  const proofs = [await file()(), await file(Buffer.from('muối'))()];
  const [LogKey, WitnessKey] = [log.verifierKey, witness.verifierKey];
  const question = { Kind: 'proof', LogKey, WitnessKey, Seconds: SECONDS, Entry: entryOf(index) };
  const [ProofFile] = proofs;
  const verdicts = await ask([
    ...proofs.map((one) => ({ ...question, ProofFile: one })),
    { ...question, ProofFile, Entry: entryOf(index + 1) },
    { ...question, ProofFile: ProofFile?.replace(`index ${index}`, `index ${index + 1}`) },
  ]);
  expect(verdicts.slice(0, 2)).toEqual(['', '']);
  for (const verdict of verdicts.slice(2)) expect(verdict).toMatch('refused: ');
});

foreign('a foreign client reads every entry from the tiles by HTTP, and finds a changed one', async () => {
  const size = 1_000;
  const { tile } = tilesIn(entries);
  const forged = tilesIn(entries.with(500, Buffer.from('khác')));
  const swapped = tilesIn(entries.with(998, entryOf(999)).with(999, entryOf(998)));
  const checkpoint = await checkpointOf(size);
  const server = createServer(async (request, response) => {
    const [, log = '', ...rest] = (request.url ?? '').split('/');
    const path = rest.join('/');
    const id = parseTilePath(path);
    const from = { forged, swapped }[log];
    if (path === 'checkpoint') response.end(checkpoint);
    else if (id === undefined) response.writeHead(404).end();
    // Only the entries were changed: the hashes are those that were signed.
    else response.end(await (id.level === 'entries' && from ? from.tile(id) : tile(id)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { port } = server.address() as AddressInfo;
    const question = {
      Kind: 'tiles',
      LogKey: log.verifierKey,
      WitnessKey: witness.verifierKey,
      Seconds: SECONDS,
    };
    const digest = createHash('sha256').update(Buffer.concat(entries)).digest();
    const verdicts = await ask(
      ['true', 'forged', 'swapped'].map((name) => {
        return { ...question, Prefix: `http://127.0.0.1:${port}/${name}/`, Entry: digest };
      }),
    );
    expect(verdicts).toEqual([
      '',
      'refused: hash mismatch for entry 500',
      'refused: hash mismatch for entry 998',
    ]);
  } finally {
    server.close();
  }
});

foreign('a note that Go signed verifies here', async () => {
  const text = 'Kính gửi Ủy ban nhân dân tỉnh\n\nhai đoạn\n';
  const [reply = ''] = await ask([{ Kind: 'signed here', Name: 'go.example', Note: text }]);
  const [key = '', ...note] = reply.split('\n');
  const parsed = parseNote(note.join('\n'));
  expect(parsed.text).toBe(text);
  expect(verifiedSignatures(parsed, [readVerifier(key)])).toHaveLength(1);
  expect(() => verifiedSignatures({ ...parsed, text: `${text}!` }, [readVerifier(key)])).toThrow(
    'does not verify',
  );
});
