#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startWitness } from './start.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    name: { type: 'string' },
    listen: { type: 'string', default: '127.0.0.1:7380' },
  },
});
if (values.folder === undefined) {
  console.error('lienthong-witness --folder FOLDER [--name NAME] [--listen HOST:PORT]');
  process.exit(2);
}
const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
const witness = await startWitness({ ...values, folder: values.folder, log });
// Before it prints that it listens: the reader of that line may stop it at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void witness.stop());
log(`witness ${witness.verifierKey}`);
log(`listens on ${witness.address}`);
