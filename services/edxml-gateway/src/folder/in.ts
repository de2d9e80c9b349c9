import { readFile, rename, stat } from 'node:fs/promises';
import { refusePackage } from '../answer.ts';
import { receivePackage } from '../receive/receive.ts';
import type { SystemDeps } from '../system.ts';
import { listPackages, pathIn, writeWhole } from './files.ts';

const MAX_BYTES = 300 * 1024 * 1024;

/**
 * Takes the packages in `in` one after the other: each is claimed by a rename to `work`, gets its answer beside it, and ends
 * in `done` or `failed`. What a killed process left in `work` is taken first; it repeats the same requests. Yields 1 for each.
 */
export async function* takePackages(deps: SystemDeps, signal: AbortSignal): AsyncGenerator<number> {
  const { system } = deps;
  for (const name of await listPackages(system, 'work')) {
    if (signal.aborted) return;
    await takePackage(name, deps);
    yield 1;
  }
  for (const name of await listPackages(system, 'in')) {
    if (signal.aborted) return;
    await rename(pathIn(system, 'in', name), pathIn(system, 'work', name));
    await takePackage(name, deps);
    yield 1;
  }
}

async function takePackage(name: string, deps: SystemDeps): Promise<void> {
  const { system, log } = deps;
  const claimed = pathIn(system, 'work', name);
  const answer = await answerTo(claimed, deps);
  const to = answer.accepted ? 'done' : 'failed';
  await writeWhole(pathIn(system, to, `${name}.json`), `${JSON.stringify(answer, null, 2)}\n`);
  await rename(claimed, pathIn(system, to, name));
  log.info(
    { system: system.name, package: answer.sha256, reason: 'reason' in answer ? answer.reason : '' },
    to,
  );
}

async function answerTo(file: string, deps: SystemDeps) {
  const { size } = await stat(file);
  if (size <= MAX_BYTES) return receivePackage(await readFile(file), deps);
  const { refusal } = refusePackage(
    'PACKAGE_TOO_LARGE',
    'edXML',
    `must be at most ${MAX_BYTES} bytes; it has ${size}`,
  );
  return { accepted: false as const, sha256: '', ...refusal };
}
