import { type Answer, isEarly, refusePackage } from '../answer.ts';
import { COPIES } from '../memory.ts';
import type { SystemDeps } from '../system.ts';
import { MAX_PACKAGE_BYTES, type WaitingPackage } from '../transport.ts';
import type { Intake } from './intake.ts';

/** How many packages of a system are in progress at once. */
const AT_ONCE = 16;
/**
 * Takes the packages that wait, several at once, and those that name the same document in their order. Each gets its answer
 * when the platform has it. Yields 1 for each.
 * @throws the first failure that is not about a package, after all that was begun has ended
 */
export async function* takePackages(
  deps: SystemDeps,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let taken = 0;
  let isHeldUp = false;
  let entered: Promise<unknown> = Promise.resolve();

  function begin(one: WaitingPackage, release: () => void): void {
    const reading = readWaiting(one).catch((error) => {
      // What cannot be read now holds up no other.
      failures.push(error);
      return undefined;
    });
    // Reading takes differently long; packages enter in the order in which they wait.
    const entering = entered.then(() => reading).then((read) => ({ answer: read && answerTo(read, intake) }));
    entered = entering;
    const work: Promise<void> = entering
      .then(async ({ answer }) => {
        if (answer && (await finish(one, await answer, deps))) taken += 1;
      })
      .catch((error) => {
        failures.push(error);
        isHeldUp = true;
      })
      .finally(() => {
        release();
        running.delete(work);
      });
    running.add(work);
  }

  try {
    for await (const one of deps.transport.waiting()) {
      if (signal.aborted || isHeldUp) break;
      while (running.size >= AT_ONCE) await Promise.race(running);
      begin(one, await deps.memory.hold(COPIES * Math.min(one.sizeBytes, MAX_PACKAGE_BYTES)));
      for (; taken > 0; taken -= 1) yield 1;
    }
  } finally {
    await Promise.all(running);
  }
  for (; taken > 0; taken -= 1) yield 1;
  if (failures.length > 0) throw failures[0];
}

async function readWaiting(one: WaitingPackage): Promise<Buffer | number> {
  return one.sizeBytes > MAX_PACKAGE_BYTES ? one.sizeBytes : one.read();
}

async function answerTo(read: Buffer | number, intake: Intake): Promise<Answer> {
  return typeof read === 'number' ? tooLarge(read) : intake.take(read);
}

function tooLarge(sizeBytes: number): Answer {
  const description = `must be at most ${MAX_PACKAGE_BYTES} bytes; it has ${sizeBytes}`;
  return {
    accepted: false,
    sha256: '',
    ...refusePackage('PACKAGE_TOO_LARGE', 'edXML', description).refusal,
  };
}

/** True when the package has its answer; one that came before its document waits for that. */
async function finish(one: WaitingPackage, answer: Answer, { system, log }: SystemDeps): Promise<boolean> {
  const reason = answer.accepted ? '' : answer.reason;
  const about = { system: system.name, name: one.name, package: answer.sha256, reason };
  if (one.mayBeEarly && isEarly(answer)) {
    log.info(about, 'package waits for the document that it is about');
    return false;
  }
  await one.answer(answer);
  log.info(about, answer.accepted ? 'package taken' : 'package refused');
  return true;
}
