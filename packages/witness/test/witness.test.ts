import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  formatNote,
  type Hash,
  parseCheckpoint,
  parseNote,
  readVerifier,
  verifiedSignatures,
} from '@lienthong/transparency-log';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningWitness, startWitness } from '../src/index.ts';
import { openState } from '../src/state.ts';
import { bodyOf, MOST, newSigner, ORIGIN, testLog } from './log.ts';

const NAME = 'thanh-tra.example.vn/nhan-chung';
const NOW = 1_764_000_000_000;
const OTHER = 'tinh-khac.example.vn/nhat-ky';
const signer = newSigner();
const otherSigner = newSigner(OTHER);
const log = testLog(signer, 'thật');
const fork = testLog(signer, 'giả', 100);
const same = testLog(signer, 'thật', 100);

let folder: string;
let witness: RunningWitness;
let lines: string[];

const start = () =>
  startWitness({
    folder,
    name: NAME,
    listen: '127.0.0.1:0',
    now: () => NOW,
    log: (line) => lines.push(line),
  });

beforeEach(async () => {
  lines = [];
  folder = await mkdtemp(join(tmpdir(), 'lienthong-witness-'));
  const keys = ['# nhật ký của tỉnh', signer.verifierKey, '', otherSigner.verifierKey];
  await writeFile(join(folder, 'logs'), keys.join('\n'));
  witness = await start();
});
afterEach(async () => {
  await witness.stop();
  await rm(folder, { recursive: true });
});

interface Answer {
  status: number;
  type: string | null;
  text: string;
}

async function add(body: string | Buffer, to = witness): Promise<Answer> {
  const response = await fetch(`http://${to.address}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** The time of the cosignature in an answer. @throws when it does not verify */
function cosignedAt(note: string, { status, text }: Answer): number {
  expect(status, text).toBe(200);
  const { text: signed, signatures } = parseNote(note + text);
  const [verified] = verifiedSignatures({ text: signed, signatures }, [readVerifier(witness.verifierKey)]);
  return verified?.seconds ?? Number.NaN;
}

test('cosigns a log that grows, and the same checkpoint again', async () => {
  for (const [oldSize, size] of [
    [0, 3],
    [3, 3],
    [3, 256],
    [256, 512],
    [512, 599],
  ] as const) {
    expect(cosignedAt(await log.note(size), await add(await log.body(oldSize, size)))).toBe(NOW / 1000);
  }
  const about = await (await fetch(`http://${witness.address}/`)).text();
  expect(about).toBe(`${witness.verifierKey}\n${ORIGIN} 599\n`);
});

test('answers 409 with the size that it has cosigned last', async () => {
  const conflict = (size: number) => ({ status: 409, type: 'text/x.tlog.size', text: `${size}\n` });
  expect(await add(await log.body(5, 10))).toEqual(conflict(0));
  expect((await add(await log.body(0, 10))).status).toBe(200);
  expect(await add(await log.body(0, 20))).toEqual(conflict(10));
  expect(await add(await log.body(11, 20))).toEqual(conflict(10));
  // A log that was cut back to an older checkpoint.
  expect(await add(await log.body(5, 5))).toEqual(conflict(10));
  expect(await add(await log.body(10, 20))).toMatchObject({ status: 200 });
});

test('refuses a forked log, and keeps the proof of it', async () => {
  expect((await add(await same.body(0, 150))).status).toBe(200);
  expect(await add(await fork.body(150, 151))).toMatchObject({ status: 422 });
  expect(await add(await fork.body(150, 150))).toEqual({
    status: 409,
    type: 'text/x.tlog.size',
    text: '150\n',
  });
  expect(lines).toEqual([
    expect.stringContaining('does not prove that its tree of 151 leaves extends that of 150'),
    expect.stringContaining(`FORK: ${ORIGIN} has signed another tree of 150 leaves`),
  ]);
  expect((await add(await same.body(150, 200))).status).toBe(200);
});

test('no order of requests for two branches gets cosignatures on both', async () => {
  const step = fc.record({
    branch: fc.constantFrom('same' as const, 'fork' as const),
    from: fc.integer({ min: 0, max: 8 }),
    to: fc.integer({ min: 0, max: 8 }),
  });
  const size = (n: number) => n * 40;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const origin = `${ORIGIN}/${crypto.randomUUID()}`;
      const own = newSigner(origin);
      await writeFile(join(folder, 'logs'), own.verifierKey);
      const one = await start();
      const cosigned = new Map<number, Set<string>>();
      try {
        await Promise.all(
          steps.map(async ({ branch, from, to }) => {
            const tree = { same, fork }[branch];
            const note = await tree.note(size(to), { origin, signer: own });
            const proof = await tree.proof(size(from), size(to));
            const { status } = await add(bodyOf(size(from), proof, note), one);
            if (status === 200) cosigned.set(to, (cosigned.get(to) ?? new Set()).add(parseNote(note).text));
          }),
        );
      } finally {
        await one.stop();
      }
      const branches = [...cosigned].filter(([to]) => size(to) > 100);
      const texts = branches.flatMap(([, set]) => [...set]);
      const roots = await Promise.all(
        branches.map(async ([to]) =>
          parseCheckpoint(parseNote(await same.note(size(to))).text).root.toString('base64'),
        ),
      );
      const honest = texts.filter((text) => roots.some((root) => text.includes(root)));
      expect([0, texts.length]).toContain(honest.length);
    }),
    { numRuns: 15 },
  );
});

test('of requests at once from the same size one wins, and the state is its tree', async () => {
  const bodies = await Promise.all(Array.from({ length: 20 }, (_, n) => log.body(0, n + 1)));
  const answers = await Promise.all(bodies.map((body) => add(body)));
  const winners = answers.flatMap(({ status }, n) => (status === 200 ? [n + 1] : []));
  expect(winners).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  expect((await add(await log.body(winners[0] as number, 30))).status).toBe(200);
});

test('two processes on one folder never take a tree back', async () => {
  const second = await start();
  try {
    expect((await add(await log.body(0, 10))).status).toBe(200);
    expect(await add(await log.body(0, 20), second)).toMatchObject({ status: 409, text: '10\n' });
    const first = openState(join(folder, 'state.db'));
    const later = openState(join(folder, 'state.db'));
    expect(later.replaceLast(ORIGIN, 10, 30, await log.note(30))).toBe(true);
    expect(first.replaceLast(ORIGIN, 10, 20, await log.note(20))).toBe(false);
    first.close();
    later.close();
    expect(await add(await log.body(10, 20))).toMatchObject({ status: 409, text: '30\n' });
  } finally {
    await second.stop();
  }
});

test('knows the logs of its list, each with a state of its own', async () => {
  expect((await add(await log.body(0, 10))).status).toBe(200);
  const other = testLog(otherSigner, 'khác');
  const note = await other.note(20, { origin: OTHER, signer: otherSigner });
  expect(cosignedAt(note, await add(bodyOf(0, [], note)))).toBe(NOW / 1000);
  const unknown = await log.note(5, { origin: 'la.example.vn', signer: newSigner('la.example.vn') });
  expect(await add(bodyOf(0, [], unknown))).toMatchObject({ status: 404 });
});

test('answers 403 to what no trusted key has signed', async () => {
  const stranger = await log.note(5, { signer: newSigner() });
  expect(await add(bodyOf(0, [], stranger))).toMatchObject({ status: 403 });
  // The key of another log of the list.
  expect(await add(bodyOf(0, [], await log.note(5, { signer: otherSigner })))).toMatchObject({ status: 403 });
  const good = await log.note(5);
  expect(await add(bodyOf(0, [], good.replace('\n5\n', '\n6\n')))).toMatchObject({ status: 403 });
  expect(await add(bodyOf(0, [], good))).toMatchObject({ status: 200 });
});

test('answers 422 to a false proof, also one that is too long', async () => {
  const hash = Buffer.alloc(32, 1);
  expect(await add(bodyOf(0, [hash], await log.note(5)))).toMatchObject({ status: 422 });
  expect((await add(await log.body(0, 5))).status).toBe(200);
  for (const proof of [[], [hash], Array<Hash>(63).fill(hash)])
    expect(await add(bodyOf(5, proof, await log.note(9)))).toMatchObject({ status: 422 });
  expect(await add(bodyOf(5, [hash], await log.note(5)))).toMatchObject({ status: 422 });
  expect((await add(await log.body(5, 9))).status).toBe(200);
});

test('answers 400 to what does not follow the format', async () => {
  const note = await log.note(5);
  const hash = Buffer.alloc(32, 1);
  const bodies = [
    '',
    'old 0\n',
    'old 0\n\n',
    `old 0\n${note}`,
    `old 00\n\n${note}`,
    `old -1\n\n${note}`,
    `old 9007199254740993\n\n${note}`,
    ` old 0\n\n${note}`,
    `old 0\nAAAA\n\n${note}`,
    `old 0\n!\n\n${note}`,
    bodyOf(0, Array(64).fill(hash), note),
    bodyOf(6, [], note),
    bodyOf(0, [], note.slice(0, -1)),
    bodyOf(0, [], note.replace('\n5\n', '\n05\n')),
    bodyOf(0, [], formatNote({ text: `${ORIGIN}\n5\n`, signatures: [signer.sign(`${ORIGIN}\n5\n`, 0)] })),
    bodyOf(0, [], `${note}\u0001`),
  ];
  for (const body of bodies) expect(await add(body), JSON.stringify(body)).toMatchObject({ status: 400 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect((await add(Buffer.from(bytes))).status).toBe(400);
    }),
    { numRuns: 50 },
  );
  expect((await add(await log.body(0, 5))).status).toBe(200);
});

test('bounds bodies, and knows one path', async () => {
  expect(await add('x'.repeat(64 * 1024 + 1))).toMatchObject({ status: 413 });
  const at = (path: string, method: string) => fetch(`http://${witness.address}${path}`, { method });
  expect((await at('/add-checkpoint', 'GET')).status).toBe(405);
  expect((await at('/state.db', 'GET')).status).toBe(404);
  // What is not HTTP at all does no harm either.
  const [host, port] = witness.address.split(':');
  const socket = connect(Number(port), host).end('\u0000\u0001 garbage\r\n\r\n');
  await new Promise((closed) => socket.on('close', closed).resume());
  expect((await add(await log.body(0, MOST))).status).toBe(200);
});

test('goes on after a restart where it was, under the same key', async () => {
  expect((await add(await log.body(0, 10))).status).toBe(200);
  const { verifierKey } = witness;
  await witness.stop();
  witness = await startWitness({ folder, listen: '127.0.0.1:0', now: () => NOW });
  expect(witness.verifierKey).toBe(verifierKey);
  expect(await add(await log.body(0, 10))).toMatchObject({ status: 409, text: '10\n' });
  expect((await stat(join(folder, 'key'))).mode & 0o077).toBe(0);
});

test('does not start without a key or logs', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'lienthong-witness-'));
  try {
    await expect(startWitness({ folder: bare, listen: '127.0.0.1:0' })).rejects.toThrow('give a name');
    await expect(startWitness({ folder: bare, name: NAME, listen: '127.0.0.1:0' })).rejects.toThrow('logs');
    for (const keys of ['', '# không có', witness.verifierKey, 'x']) {
      await writeFile(join(bare, 'logs'), keys);
      await expect(startWitness({ folder: bare, name: NAME, listen: '127.0.0.1:0' })).rejects.toThrow(
        /verifier key/,
      );
    }
  } finally {
    await rm(bare, { recursive: true });
  }
});
