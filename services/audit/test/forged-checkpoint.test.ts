import { readFileSync } from 'node:fs';
import {
  formatCheckpoint,
  formatNote,
  generateSignerKey,
  type Note,
  parseCheckpoint,
  parseNote,
  readSigner,
} from '@lienthong/transparency-log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, foreign } from '../../../packages/transparency-log/test/foreign-verifier.ts';
import { exported, verify } from './support/verify.ts';
import { type AuditWorld, auditWorld, events, ORIGIN } from './support/world.ts';

// Checkpoints that are not what they seem: signatures are genuine, and of something else.
const SIZE = 100;
const SECONDS = 1_764_000_000;
const OTHER = 'lienthong.test/khac';
const witness = readSigner(generateSignerKey('nhan-chung.test/1', 'cosignature'));
let world: AuditWorld;
let genuine: Note;

beforeAll(async () => {
  world = await auditWorld();
  await world.publish(...events(SIZE));
  await world.covered(SIZE);
  genuine = parseNote((await world.http('/checkpoint')).body);
  // No further checkpoint follows.
  await world.restart({ AUDIT_CHECKPOINT_MS: '60000' });
});
afterAll(() => world.stop());

/** The text of a checkpoint of another log with the same tree. */
const textOf = (origin: string) =>
  formatCheckpoint({ ...parseCheckpoint(genuine.text), origin, extensions: [] });
const ofAnotherOrigin = (): Note => {
  const text = textOf(OTHER);
  return { text, signatures: [readSigner(readFileSync(world.keyFile, 'utf8')).sign(text, 0)] };
};
const cosignedFor = (origin: string): Note => ({
  ...genuine,
  signatures: [...genuine.signatures, witness.sign(textOf(origin), SECONDS)],
});

/** What `lienthong verify` says of an export with this checkpoint. */
async function verdictOf(note: Note, ...trust: string[]) {
  await world.db.query({
    text: 'update checkpoint set note = $1 where size = $2',
    values: [formatNote(note), SIZE],
  });
  return verify(world, [await exported(world, SIZE)], ['--log', world.verifierKey, ...trust]);
}
const askGoOf = (note: Note, more = {}) =>
  ask([{ Kind: 'checkpoint', LogKey: world.verifierKey, Note: formatNote(note), ...more }]);

const refused = { status: 1, reason: 'CHECKPOINT_REFUSED' };

test('a checkpoint of another origin is not believed, though the log’s key has signed it', async () => {
  expect(await verdictOf(genuine)).toMatchObject({ status: 0 });
  expect(await verdictOf(ofAnotherOrigin())).toMatchObject(refused);
});
foreign('Go refuses a checkpoint of another origin', async () => {
  expect(await askGoOf(genuine)).toEqual(['']);
  expect(await askGoOf(ofAnotherOrigin())).toEqual([`refused: the origin is ${OTHER}`]);
});

test('a cosignature of another log is not believed', async () => {
  const trust = ['--witness', witness.verifierKey];
  expect(await verdictOf(cosignedFor(ORIGIN), ...trust)).toMatchObject({ status: 0 });
  expect(await verdictOf(cosignedFor(OTHER), ...trust)).toMatchObject(refused);
});
foreign('Go refuses a cosignature of another log', async () => {
  const trust = { WitnessKey: witness.verifierKey, Seconds: SECONDS };
  expect(await askGoOf(cosignedFor(ORIGIN), trust)).toEqual(['']);
  expect(await askGoOf(cosignedFor(OTHER), trust)).toEqual([expect.stringMatching('^refused: ')]);
});
