import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entryOf } from '@lienthong/evidence';
import { ask } from '../../../../packages/transparency-log/test/foreign-verifier.ts';
import { type AuditWorld, auditor, client } from './world.ts';

const PROGRAM = join(import.meta.dirname, '../../../../packages/cli/src/main.ts');

export interface Verdict {
  status: number;
  out: string;
  /** Why something is not believed, and the first bad leaf. */
  reason?: string;
  leaf?: number;
}

/** `lienthong verify` in a process of its own. By default it trusts the log's first key alone. */
export async function verify(
  world: AuditWorld,
  args: readonly string[],
  trust: readonly string[] = ['--log', world.verifierKey],
): Promise<Verdict> {
  const file = `${world.keyFile}.verdict`;
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  execFile(
    process.execPath,
    [PROGRAM, 'verify', ...args, ...trust, '--json', file],
    (error, stdout, stderr) => resolve({ status: Number(error?.code ?? 0), out: stdout + stderr }),
  );
  const { status, out } = await promise;
  if (status > 1) return { status, out };
  const { reason, leaf } = JSON.parse(await readFile(file, 'utf8'));
  await rm(file);
  return { status, out, reason, leaf };
}

/** Writes what a reader keeps or gets, beside the world's key. */
export async function keep(world: AuditWorld, name: string, content: string | Uint8Array): Promise<string> {
  const file = `${world.keyFile}.${name}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

/** The file of an export of the first entries. */
export async function exported(world: AuditWorld, count: number): Promise<string> {
  const parts: Uint8Array[] = [];
  const reader = await client(world, auditor);
  for await (const { content } of reader.exportEntries({ from: 0n, to: BigInt(count) })) parts.push(content);
  return keep(world, 'export', Buffer.concat(parts));
}

/** What the service gives for a leaf, and the index as somebody may write it into the proof. */
export async function provedAs(world: AuditWorld, leaf: number, index: number) {
  const reader = await client(world, auditor);
  const { record, proof } = await reader.getProof({ entry: { $case: 'index', value: BigInt(leaf) } });
  return {
    record: Buffer.from(record).toString(),
    proof: proof.replace(`index ${leaf}\n`, `index ${index}\n`),
  };
}

/** What `lienthong verify` says of the proof of a leaf. */
export async function verifyProofOf(world: AuditWorld, leaf: number, index = leaf): Promise<Verdict> {
  const { record, proof } = await provedAs(world, leaf, index);
  return verify(world, [await keep(world, 'proof', proof), await keep(world, 'record', record)]);
}

/** What Go says of it; '' is good. */
export async function askGoOf(world: AuditWorld, leaf: number, index = leaf): Promise<string | undefined> {
  const { record, proof } = await provedAs(world, leaf, index);
  const [verdict] = await ask([
    { Kind: 'proof', LogKey: world.verifierKey, Entry: entryOf(JSON.parse(record)), ProofFile: proof },
  ]);
  return verdict;
}
