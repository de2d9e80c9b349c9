import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { profileInto, SAMPLE_US } from '../process.ts';
import { type CpuProfile, sharesOf } from './profile.ts';

const SHOWN = 12;

/** Profiles this process and those that are started from now on. Returns a function that ends it. */
export async function startProfiling(folder: string): Promise<() => Promise<string[]>> {
  await mkdir(folder, { recursive: true });
  profileInto(folder);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
  /** Writes the profile of this process. The lines say what cost most in each process that has ended. */
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(join(folder, 'load-generator.cpuprofile'), JSON.stringify(profile));
    const lines: string[] = [];
    for (const file of (await readdir(folder)).filter((one) => one.endsWith('.cpuprofile')).sort()) {
      const shares = sharesOf(JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile);
      const total = shares.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      lines.push(`${file}: ${(total / 1_000).toFixed(1)} s of work`);
      for (const { part, milliseconds } of shares.slice(0, SHOWN))
        lines.push(`  ${((milliseconds / total) * 100).toFixed(1).padStart(5)} %  ${part}`);
    }
    return lines;
  };
}
