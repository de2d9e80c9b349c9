import { setTimeout as sleep } from 'node:timers/promises';
import { isNoteRefused, leaderWorker, type Note } from '@lienthong/eventlog';
import { type Database, type Logger, pause, type Worker } from '@lienthong/kit';
import { readHead } from './store/head.ts';
import { skipTo } from './store/skip-numbers.ts';

const NOTE_MS = 1_000;
/** More numbers than a feed gives between two notes. */
const MARGIN = 100_000;
const RETRY_MS = 250;

export interface NumbersOptions {
  db: Database;
  note: Note;
  log: Logger;
}

/**
 * Keeps the numbers that readers may have got from being given to other events, after the feed's database alone was
 * restored from an older copy. A note in NATS says how far the numbers are; a database that is behind it leaves them out.
 * Start it before what records events and before what reads them: while they run, numbers have no gaps.
 */
export function keepNumbers({ db, note, log }: NumbersOptions): Worker {
  /** The last number that a feed has noted; 0: none. The cursors of another feed are others. */
  async function readNoted(feedId: string): Promise<number> {
    const [, id, seq] = /^(\S+) (\d+)$/.exec((await note.read()) ?? '') ?? [];
    return id === feedId ? Number(seq) : 0;
  }

  async function leaveOutNoted(): Promise<void> {
    const { id, seq } = await readHead(db);
    const noted = await readNoted(id);
    if (seq >= noted) return;
    await skipTo(db, noted + MARGIN);
    log.warn(
      { seq, noted },
      'the database of the feed is older than its note in NATS: it leaves out the numbers that readers may have got, ' +
        'and records again what it lacks',
    );
  }

  const writer = leaderWorker({
    db,
    log,
    name: 'numbers',
    async lead(_, signal) {
      const { id } = await readHead(db);
      let noted = await readNoted(id);
      // The first time in any case, so that the newest key vouches for it.
      for (let due = true; !signal.aborted; await pause(NOTE_MS, signal)) {
        const { seq } = await readHead(db);
        if (seq < noted)
          throw new Error('the database of the feed was put back while it ran: start the feed again');
        if (due || seq > noted) await note.write(`${id} ${seq}`);
        noted = seq;
        due = false;
      }
    },
  });

  return {
    name: 'feed numbers',
    async start() {
      for (let failures = 0; ; failures += 1) {
        try {
          await leaveOutNoted();
          return await writer.start();
        } catch (err) {
          if (isNoteRefused(err)) {
            log.warn(
              { err },
              'NATS refuses the note of how far the feed is, so a restore of its database is not noticed: give NATS ' +
                'the users of this version, then start the feed again',
            );
            return;
          }
          if (failures === 0) log.warn({ err }, 'waiting for the note of how far the feed is');
          await sleep(RETRY_MS);
        }
      }
    },
    stop: () => writer.stop(),
  };
}
