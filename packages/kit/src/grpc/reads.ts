/** What calls read is recorded: who read which documents, dossiers and files, or was refused. */
import type { Caller } from '../auth/caller.ts';
import { type Refusal, RefusalError, refuse } from '../errors.ts';

/** A document, dossier or file that a call shows, or withholds when it is refused. */
export interface ReadItem {
  /** The agency that it belongs to; '' when it belongs to none that is known. */
  ownerId: string;
  documentId?: string;
  dossierCode?: string;
  /** Of a file. */
  sha256?: string;
  /** By which personal data the call searched; never its value. */
  search?: 'identity_number' | 'phone';
}

/** A call that read, or was refused. */
export interface Read {
  caller: Caller;
  /** "lienthong.routing.v1.DocumentRoutingService/GetDocument". */
  method: string;
  at: Date;
  /** The reason of the refusal; '' when the call was allowed. */
  denied: string;
  items: readonly ReadItem[];
}

/**
 * When a call's reply goes out: 'buffered', once its read has a place in the next batch, which a kill of the process can
 * lose; 'durable', once its read is in the log.
 */
export type ReadRecording = 'buffered' | 'durable';

export interface ReadLog {
  /** Resolves when the reply may go out; undefined: at once. Refuses: READS_NOT_RECORDED. */
  record(read: Read, recording: ReadRecording): Promise<void> | undefined;
}

/** How the calls of one method are recorded. */
export interface ReadRecorder {
  allowed(call: ReadingCall): Promise<void> | undefined;
  /** Also of refusals by the method's policy, before the request is read. */
  denied(call: ReadingCall, error: unknown): Promise<void> | undefined;
}

type ReadingCall = Pick<Read, 'caller'> & { now: Date; reads: readonly ReadItem[] };

export const createReadRecorder = (log: ReadLog, method: string, recording: ReadRecording): ReadRecorder => ({
  allowed: ({ caller, now, reads }) =>
    log.record({ caller, method, at: now, denied: '', items: reads }, recording),
  denied({ caller, now, reads }, error) {
    if (!(error instanceof RefusalError) || !isDenial(error.refusal)) return undefined;
    // Without a token anybody could fill the log with codes that do not exist.
    if (reads.length === 0 && caller.officerId === '' && caller.agencyId === '') return undefined;
    return log.record({ caller, method, at: now, denied: error.refusal.reason, items: reads }, recording);
  },
});

/** Something is withheld; not that the request is wrong or that the platform is busy. */
const isDenial = ({ kind }: Refusal): boolean => kind === 'permission-denied' || kind === 'not-found';

/** For the contexts of methods that declare no recording: an item noted there would be lost. */
export const NO_READS: ReadItem[] = Object.freeze([]) as unknown as ReadItem[];

/** Runs a call of a method and records how it ended. */
export async function recordRead<R>(
  recorder: ReadRecorder | undefined,
  call: ReadingCall,
  run: () => Promise<R>,
): Promise<R> {
  if (recorder === undefined) return run();
  let reply: R;
  try {
    reply = await run();
  } catch (error) {
    await recorder.denied(call, error);
    throw error;
  }
  await recorder.allowed(call);
  return reply;
}

/** The same for a stream: it is recorded before its first message goes out. */
export async function* recordStream<R>(
  recorder: ReadRecorder | undefined,
  call: ReadingCall,
  replies: AsyncIterable<R>,
): AsyncGenerator<R> {
  if (recorder === undefined) return yield* replies;
  let begun = false;
  try {
    for await (const reply of replies) {
      if (!begun) await recorder.allowed(call);
      begun = true;
      yield reply;
    }
  } catch (error) {
    if (!begun) await recorder.denied(call, error);
    throw error;
  }
}

/** The refusal of a read that finds no room in the log. */
export const refuseUnrecorded = (): never => refuse(readsNotRecorded);

const readsNotRecorded: Refusal = {
  kind: 'unavailable',
  reason: 'READS_NOT_RECORDED',
  message: 'what is read must be recorded, and the record cannot be written now; try again in a moment',
  retryAfterMs: 1_000,
};
