import { readFile, rename, writeFile } from 'node:fs/promises';
import type { FollowedEvent } from '@lienthong/client';
import { type EventType, eventContracts, isEventType } from '@lienthong/contracts/events';
import { printable } from '@lienthong/verify/printable';
import type { Work } from '../command.ts';
import { usage } from '../failure.ts';
import { timeText } from '../output/words.ts';

interface FollowCommandOptions {
  type?: readonly string[];
  cursorFile?: string;
  fromOldest?: boolean;
  count?: number;
}

/** Prints events until it is stopped. The cursor is kept after an event is printed: none is missed, the last one may come again. */
export async function followFeed({ client, out, options }: Work<FollowCommandOptions>): Promise<void> {
  const { type: types = [], cursorFile, fromOldest = false, count = Number.POSITIVE_INFINITY } = options;
  const cursor = cursorFile && (await readCursor(cursorFile));
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let printed = 0;
  try {
    const following = client.follow({
      ...(cursor && { cursor }),
      fromOldest,
      types: types.map(typeOf),
      signal: stop.signal,
    });
    for await (const event of following) {
      out.next(
        () => toJson(event),
        () => lineOf(event),
      );
      if (cursorFile) await keepCursor(cursorFile, event.cursor);
      printed += 1;
      if (printed >= count) break;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function typeOf(name: string): EventType {
  if (isEventType(name)) return name;
  throw usage(`--type ${name} is not an event; docs/asyncapi.yaml lists them`);
}

async function readCursor(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw usage(`the file of the cursor ${file} cannot be read (${code})`, error);
  }
}

async function keepCursor(file: string, cursor: string): Promise<void> {
  await writeFile(`${file}.new`, `${cursor}\n`);
  await rename(`${file}.new`, file);
}

const toJson = ({ payload, time, sequence, ...attributes }: FollowedEvent): object => ({
  ...attributes,
  time: time?.toISOString(),
  sequence: String(sequence),
  payload: eventContracts[attributes.type].codec.toJSON(payload as never),
});

const lineOf = ({ time, type, subject, dossierCode, documentId }: FollowedEvent): string =>
  printable(
    [timeText(time), type.replace('lienthong.', ''), subject, dossierCode || documentId].join('  ').trimEnd(),
  );
