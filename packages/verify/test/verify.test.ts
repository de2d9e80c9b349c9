import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { evidenceFile, type LoggedEntry } from '@lienthong/evidence';
import {
  formatNote,
  formatProof,
  parseNote,
  proveInclusion,
  TILE_WIDTH,
  tilePath,
  tilesOfGrowth,
} from '@lienthong/transparency-log';
import { afterAll, describe, expect, test } from 'vitest';
import {
  checkpointOf,
  copyOf,
  exportOf,
  hashesOf,
  keysOf,
  logOf,
  nodesOf,
  ORIGIN,
  rowOf,
  rowsOf,
  type TestLog,
  tilesOf,
} from '../../evidence/test/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = join(import.meta.dirname, '../../cli/src/main.ts');

const SIZE = 600;
const OLD = 300;
const LEAF = 250;
const keys = keysOf();
const log = logOf(rowsOf(SIZE), keys);
const { documentId } = (log.rows[LEAF] as LoggedEntry).record;
const kept = checkpointOf(log.hashes.slice(0, OLD), keys);

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const policy = write(
  'policy',
  `log ${keys.log.verifierKey}\nwitness tt ${keys.witness.verifierKey}\nquorum tt\n`,
);
const keptFile = write('kept', kept);
const tiles = await copyTiles('tiles', log);

/** As a monitor copies the tiles of a log. */
async function copyTiles(name: string, { hashes, checkpoint }: TestLog): Promise<string> {
  for (const id of tilesOfGrowth(0, hashes.length)) {
    const [bytes] = await tilesOf(hashes)([id]);
    write(join(name, tilePath(id)), Buffer.from(bytes as Uint8Array));
  }
  write(join(name, 'checkpoint'), checkpoint);
  return join(folder, name);
}

const exportFile = async (name: string, of: TestLog) => write(name, (await exportOf(of)).join(''));

async function proofFiles(name: string, of: TestLog, leaf = LEAF): Promise<string[]> {
  const { record, content } = of.rows[LEAF] as LoggedEntry;
  const hashes = await proveInclusion(nodesOf(of.hashes), LEAF, of.hashes.length);
  const proof = formatProof({ extra: undefined, index: leaf, hashes, checkpoint: of.checkpoint });
  const base64 = { salt: content?.salt.toString('base64'), payload: content?.payload.toString('base64') };
  return [write(`${name}.proof`, proof), write(`${name}.json`, JSON.stringify({ record, ...base64 }))];
}

interface Run {
  status: number | null;
  out: string;
  json: { ok?: boolean; reason?: string; leaf?: number };
}

/** The command as a reader runs it, in a process of its own. */
function run(args: readonly string[], trust: readonly string[] = ['--policy', policy]): Run {
  const file = join(folder, 'result.json');
  rmSync(file, { force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'verify', ...args, ...trust, '--json', file],
    { encoding: 'utf8' },
  );
  if (status !== 2) expect(stderr).toBe('');
  const json = status === 2 ? {} : JSON.parse(readFileSync(file, 'utf8'));
  return { status, out: stdout + stderr, json };
}

describe('believes', () => {
  test('an export, also beside a kept checkpoint and with tiles', async () => {
    const file = await exportFile('export', log);
    const { status, out } = run([file, keptFile, '--tiles', tiles]);
    expect(out).toBe(
      `ĐÚNG: bản xuất khớp với nhật ký ${ORIGIN}, 600 lá; đã kiểm tra 600 lá; 1 nhân chứng\n` +
        `GOOD: the export agrees with the log ${ORIGIN}, 600 leaves; 600 leaves verified; 1 witnesses\n`,
    );
    expect(status).toBe(0);
    // Keys on the command line in place of a policy.
    const trust = ['--log', keys.log.verifierKey, '--witness', keys.witness.verifierKey];
    expect(run([file], trust).status).toBe(0);
  });

  test('a proof with its entry, beside a kept checkpoint', async () => {
    const files = await proofFiles('good', log);
    expect(run([...files, keptFile, '--tiles', tiles])).toMatchObject({ status: 0, json: { ok: true } });
  });

  test('an evidence file, and prints its page', async () => {
    const proof = await proveInclusion(nodesOf(log.hashes), LEAF, SIZE);
    const entries = [{ ...(log.rows[LEAF] as LoggedEntry), proof }];
    const file = write(
      'evidence',
      evidenceFile({ subject: { documentId }, checkpoint: log.checkpoint, entries }),
    );
    const page = join(folder, 'page.html');
    const { status, out, json } = run([file, '--page', page]);
    expect(status, out).toBe(0);
    expect(out).toContain(`cán bộ ${LEAF}`);
    expect(json).toMatchObject({ evidence: { subject: { documentId }, story: [{ leaf: LEAF }] } });
    expect(readFileSync(page, 'utf8')).toContain('BẰNG CHỨNG TỪ NHẬT KÝ KIỂM TOÁN');
  });

  test('two checkpoints, and a kept one against the newest of the tiles', () => {
    expect(run([keptFile, write('new', log.checkpoint), '--tiles', tiles]).status).toBe(0);
    expect(run([keptFile, '--tiles', tiles]).status).toBe(0);
  });
});

describe('cannot check', () => {
  test.each([
    ['without files', []],
    ['what is not there', ['/khong-co']],
    ['one checkpoint alone', [keptFile]],
    ['two checkpoints without tiles', [keptFile, write('new', log.checkpoint)]],
    ['with tiles that are missing', [keptFile, write('new', log.checkpoint), '--tiles', folder]],
    ['an unknown option', [keptFile, '--khac']],
  ])('%s', (_, args) => {
    const { status, out } = run(args);
    expect(status).toBe(2);
    expect(out).toContain('KHÔNG KIỂM TRA ĐƯỢC: ');
    expect(out).toContain('CANNOT CHECK: ');
  });

  test('a proof without its entry, or anything without a policy', async () => {
    const [proof = '', entry = ''] = await proofFiles('alone', log);
    expect(run([proof]).status).toBe(2);
    expect(run([proof, entry], []).status).toBe(2);
    expect(run([proof, entry], ['--policy', entry]).status).toBe(2);
  });
});

// What a database administrator can do, and by what it is found.
describe('tampering is found', () => {
  const tampered = (change: (copy: TestLog) => void): TestLog => {
    const copy = copyOf(log);
    change(copy);
    copy.rows = copy.rows.map((row, index) => ({ ...row, index }));
    return copy;
  };
  /** The rows, the tiles and the signature: the signing key was stolen, or its holder takes part. */
  const signedAgain = (change: (copy: TestLog) => void, by = keys): TestLog => {
    const { rows } = tampered(change);
    return logOf(rows, by);
  };

  test.each<[string, (copy: TestLog) => void, string]>([
    ['a changed byte', ({ rows }) => rows[LEAF]?.content?.payload.writeUInt8(0), 'CONTENT_CHANGED'],
    ['a replaced row', ({ rows }) => rows.splice(LEAF, 1, rowOf(LEAF)), 'RECORD_CHANGED'],
    ['a deleted row', ({ rows }) => rows.splice(LEAF, 1), 'RECORD_CHANGED'],
    ['an inserted row', ({ rows }) => rows.splice(LEAF, 0, rowOf(LEAF)), 'RECORD_CHANGED'],
    ['swapped rows', ({ rows }) => rows.splice(LEAF, 0, ...rows.splice(LEAF + 1, 1)), 'RECORD_CHANGED'],
  ])('%s: by the export, which names the leaf', async (_, change, reason) => {
    const copy = tampered(change);
    // As many lines as the signed tree has leaves, so that only the contents differ.
    while (copy.rows.length < SIZE) copy.rows.push(rowOf(copy.rows.length));
    copy.rows.length = SIZE;
    const { status, out, json } = run([await exportFile('tampered', copy)]);
    expect(json).toMatchObject({ ok: false, reason, leaf: LEAF });
    expect(out).toContain(`SAI: Lá ${LEAF}: `);
    expect(status).toBe(1);
  });

  test('rows and tiles changed alike: by the root; a copy of the tiles names the leaf', async () => {
    const copy = tampered(({ rows }) => rows.splice(LEAF, 1, rowOf(LEAF)));
    copy.hashes = hashesOf(copy.rows);
    const file = await exportFile('alike', copy);
    expect(run([file]).json).toMatchObject({ reason: 'TREE_DIFFERENT' });
    expect(run([file, '--tiles', tiles]).json).toMatchObject({ reason: 'RECORD_CHANGED', leaf: LEAF });
  });

  test('a tail cut back to an older, genuine checkpoint: by a kept checkpoint', async () => {
    const cut = logOf(log.rows.slice(0, OLD), keys);
    const file = await exportFile('cut', cut);
    expect(run([file]).status).toBe(0);
    const { json, out } = run([file, write('later', log.checkpoint)]);
    expect(json).toMatchObject({ reason: 'LOG_CUT_BACK', leaf: OLD });
    expect(out).toContain('SAI: Nhật ký bị cắt: trước có 600 lá, nay còn 300; mất từ lá 300');
    const from = await copyTiles('cut-tiles', cut);
    expect(run([write('later', log.checkpoint), '--tiles', from]).json).toMatchObject({
      reason: 'LOG_CUT_BACK',
    });
  });

  test('a tail replaced and signed with the same key: by a kept checkpoint', async () => {
    const forked = signedAgain(({ rows }) => rows.splice(LEAF, 1, rowOf(LEAF)));
    const file = await exportFile('forked', forked);
    expect(run([file]).status).toBe(0);
    expect(run([file, keptFile]).json).toMatchObject({ reason: 'LOG_FORKED' });
    const from = await copyTiles('forked-tiles', forked);
    expect(run([keptFile, '--tiles', from]).json).toMatchObject({ reason: 'LOG_FORKED' });
    expect(run([write('same', log.checkpoint), '--tiles', from]).json).toMatchObject({
      reason: 'LOG_FORKED',
    });
  });

  test('a tail replaced and signed with another key: by the policy', async () => {
    const forked = signedAgain(({ rows }) => rows.splice(LEAF, 1, rowOf(LEAF)), keysOf());
    expect(run([await exportFile('stranger', forked)]).json).toMatchObject({ reason: 'CHECKPOINT_REFUSED' });
  });

  test.each([LEAF - 1, LEAF + 1])('a proof for index %i: by the proof', async (index) => {
    const files = await proofFiles(`beside-${index}`, log, index);
    expect(run(files).json).toMatchObject({ reason: 'PROOF_FALSE', leaf: index });
  });

  test('an origin that is another one, and a cosignature of another log: by the policy', async () => {
    const other = { ...log, checkpoint: checkpointOf(log.hashes, keys, 'khac.example.vn/nhat-ky') };
    expect(run([await exportFile('origin', other)]).json).toMatchObject({ reason: 'CHECKPOINT_REFUSED' });
    const [own, foreign] = [log.checkpoint, other.checkpoint].map(parseNote);
    const signatures = [own?.signatures[0], foreign?.signatures[1]] as never;
    const mixed = { ...log, checkpoint: formatNote({ text: own?.text ?? '', signatures }) };
    expect(run([await exportFile('mixed', mixed)]).json).toMatchObject({ reason: 'CHECKPOINT_REFUSED' });
  });
});

test('tiles of a copy that is itself changed are not believed', async () => {
  const copy = { ...log, hashes: log.hashes.with(TILE_WIDTH + 3, Buffer.alloc(32)) };
  const from = await copyTiles('bad-tiles', copy);
  const { json } = run([keptFile, write('new', log.checkpoint), '--tiles', from]);
  expect(json).toMatchObject({ reason: 'TREE_DIFFERENT' });
});
