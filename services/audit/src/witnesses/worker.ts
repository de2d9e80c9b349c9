import { leaderWorker } from '@lienthong/eventlog';
import { type Clock, type Database, type Logger, pause, type Worker } from '@lienthong/kit';
import { createHttpClient, exponential, type HttpClient, jittered } from '@lienthong/outbound';
import { addCosignature, newestCheckpoint } from '../store/checkpoints.ts';
import { askWitness, type Reply } from './ask.ts';
import type { Witness } from './witness.ts';

export interface WitnessWorkerOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  origin: string;
  witnesses: readonly Witness[];
  quorum: number;
  everyMs: number;
  timeoutMs: number;
  silentMs: number;
}

/** What this process knows of a witness since it began to ask. */
export interface WitnessState {
  readonly name: string;
  /** It has seen a tree that ours does not extend. */
  readonly disagrees: boolean;
  /** For how long it has been asked in vain; 0 when its last reply was a cosignature. */
  silentMs(): number;
}

export interface WitnessWorker extends Worker {
  leading(): boolean;
  states(): readonly WitnessState[];
}

const RETRY = { firstMs: 200, longestMs: 60_000 };

/**
 * Asks every witness to cosign the newest checkpoint, with one request at a time to each, in one process at a time. A
 * witness that is away or disagrees holds up no other.
 */
export function witnessWorker(options: WitnessWorkerOptions): WitnessWorker {
  const { db, log, clock, timeoutMs } = options;
  let states: readonly WitnessState[] = [];

  async function lead(_: unknown, signal: AbortSignal): Promise<void> {
    const http = createHttpClient({ clock, timeoutMs });
    const attended = options.witnesses.map((witness) => attendWitness(options, witness, http));
    states = attended.map(({ state }) => state);
    try {
      await Promise.all(attended.map(({ run }) => run(signal)));
    } finally {
      http.close();
    }
  }

  return { ...leaderWorker({ db, name: 'witnesses', log, lead }), states: () => states };
}

function attendWitness(options: WitnessWorkerOptions, witness: Witness, http: HttpClient) {
  const { db, log, origin, quorum, everyMs } = options;
  const { name } = witness;
  /** The size that the witness knows, and the one whose cosignature is stored. */
  let known = 0;
  let cosigned = 0;
  let failures = 0;
  let disagrees = false;
  let quietSince: number | undefined;
  let warned = false;
  const silentMs = () => (quietSince === undefined ? 0 : performance.now() - quietSince);

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const checkpoint = await newestCheckpoint(db, origin, { published: false });
      if (checkpoint === undefined || checkpoint.size <= cosigned) {
        await pause(everyMs / 4, signal);
        continue;
      }
      quietSince ??= performance.now();
      const reply = await askWitness(
        { db, http, signal },
        witness,
        checkpoint,
        Math.min(known, checkpoint.size),
      );
      if (signal.aborted) return;
      if (reply.kind === 'cosigned') {
        await addCosignature(db, { origin, size: checkpoint.size, name, line: reply.line, quorum });
        if (warned) log.info({ witness: name, size: checkpoint.size }, 'the witness cosigns again');
        known = cosigned = checkpoint.size;
        [failures, disagrees, quietSince, warned] = [0, false, undefined, false];
        continue;
      }
      failures += 1;
      if (reply.kind === 'elsewhere') {
        known = reply.size;
        // Another program may have shown it the log, or this one has just begun to ask.
        if (failures === 1) continue;
      }
      noteFailure(reply);
      await pause(jittered(exponential(failures, RETRY), Math.random()), signal);
    }
  }

  function noteFailure(reply: Exclude<Reply, { kind: 'cosigned' }>): void {
    const problem = reply.kind === 'elsewhere' ? `it knows the log at ${reply.size} leaves` : reply.problem;
    if (reply.kind === 'disagrees' && !disagrees) {
      log.error({ witness: name, problem }, 'a witness disagrees with the audit log');
      [disagrees, warned] = [true, true];
    } else if (!warned && silentMs() >= options.silentMs) {
      log.warn({ witness: name, problem, silentMs: silentMs() }, 'a witness has been silent for long');
      warned = true;
    } else log.debug({ witness: name, problem }, 'a witness has not cosigned');
  }

  return {
    run,
    state: {
      name,
      get disagrees() {
        return disagrees;
      },
      silentMs,
    },
  };
}
