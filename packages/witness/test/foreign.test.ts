import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey, readSigner } from '@lienthong/transparency-log';
import { expect, onTestFinished } from 'vitest';
import { ask, foreign } from '../../transparency-log/test/foreign-verifier.ts';
import { startWitness } from '../src/index.ts';
import { ORIGIN } from './log.ts';

foreign('a log in Go gets cosignatures that Go verifies, and none for another history', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-witness-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const SignerKey = generateSignerKey(ORIGIN, 'note');
  writeFileSync(join(folder, 'logs'), readSigner(SignerKey).verifierKey);
  const lines: string[] = [];
  const witness = await startWitness({
    folder,
    name: 'nhan-chung.test/1',
    listen: '127.0.0.1:0',
    log: (line) => lines.push(line),
  });
  onTestFinished(() => witness.stop());
  const question = { Kind: 'witness', SignerKey, WitnessKey: witness.verifierKey };
  expect(await ask([{ ...question, Prefix: `http://${witness.address}` }])).toEqual(['']);
  expect(lines).toEqual([expect.stringMatching('^FORK: '), expect.stringMatching('^refused: ')]);
});
