import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type DeepPartial,
  type DossierImport,
  type DossierImportServiceClient,
  type ImportedDossier,
  ImportState,
  type StagedDossier,
} from '@lienthong/contracts/casework';
import { Status } from 'nice-grpc-common';
import type { CallExtras } from './call.ts';
import { LienThongError } from './errors.ts';

export interface DossierImportOptions {
  /** A UUID that you choose and keep: the same one goes on with an import that was interrupted. */
  importId: string;
  /** Name of the other system. */
  system: string;
  /** The lines of the file, in its order. */
  dossiers: readonly DeepPartial<ImportedDossier>[];
  /**
   * Whether a line was staged before as it is now and its reply is kept: it is staged again only where the platform lacks
   * it or finds it wrong. Absent: every line is staged.
   */
  isKept?: (line: number) => boolean;
  /** Gets the replies of a part, before the next one is sent: keep the secrets, they come only here. */
  onStaged?: (staged: readonly StagedDossier[]) => void | Promise<void>;
  /** Only checks the lines. */
  checkOnly?: boolean;
  signal?: AbortSignal;
}

type Client = DossierImportServiceClient<CallExtras>;

/** The most lines of a part. */
const PART = 500;
const POLL_MS = 500;
/** So many gaps the platform shows at most. */
const GAPS_SHOWN = 100;

/**
 * Moves the dossiers of a file in: all of them or none. Resolves when they have come; when only checked, once all are
 * staged. @throws LienThongError IMPORT_NOT_READY with what is wrong, by line
 */
export async function importDossiers(client: Client, options: DossierImportOptions): Promise<DossierImport> {
  const { importId, dossiers, checkOnly = false, isKept = () => false, onStaged, signal } = options;
  const before = await find(client, importId, signal);
  if (before === undefined || before.state === ImportState.STAGED) {
    const lacks = lackingIn(before);
    for (const [first, end] of partsOf(dossiers.length, (line) => !isKept(line) || lacks(line)))
      for await (const staged of stage(client, options, first, end)) await onStaged?.(staged);
    if (!checkOnly) await client.carryOutImport({ importId, lines: dossiers.length }, { signal });
  }
  while (true) {
    const found = await find(client, importId, signal);
    if (found === undefined) throw new Error(`import ${importId} has no lines`);
    if (checkOnly || found.state === ImportState.DONE) return found;
    await wait(POLL_MS, undefined, { signal });
  }
}

async function find(
  client: Client,
  importId: string,
  signal: AbortSignal | undefined,
): Promise<DossierImport | undefined> {
  try {
    return (await client.getImport({ importId }, { signal })).import;
  } catch (error) {
    if (error instanceof LienThongError && error.reason === 'IMPORT_UNKNOWN') return undefined;
    throw error;
  }
}

/** Whether the platform lacks a line of an import, or may lack it, or has found it wrong. */
function lackingIn(before: DossierImport | undefined): (line: number) => boolean {
  if (before === undefined) return () => true;
  const { lines, missing, faultyLines } = before;
  const faulty = new Set(faultyLines.map(({ line }) => line));
  const inGaps = missing.reduce((sum, { from, to }) => sum + to - from, 0);
  const end = missing.length < GAPS_SHOWN ? lines + inGaps : (missing.at(-1)?.to ?? 0);
  return (line) =>
    line >= end || faulty.has(line) || missing.some(({ from, to }) => from <= line && line < to);
}

/** The parts of the lines that are sent: first and end, exclusive. */
function* partsOf(count: number, isSent: (line: number) => boolean): Generator<[number, number]> {
  for (let first = 0; first < count; ) {
    let end = first;
    while (end < count && end - first < PART && isSent(end)) end += 1;
    if (end > first) yield [first, end];
    first = Math.max(end, first + 1);
  }
}

/** Stages lines; in halves where they are too large for one request. */
async function* stage(
  client: Client,
  options: DossierImportOptions,
  first: number,
  end: number,
): AsyncGenerator<StagedDossier[]> {
  const { importId, system, signal } = options;
  const dossiers = options.dossiers.slice(first, end);
  const request = { requestId: randomUUID(), importId, system, firstLine: first, dossiers };
  try {
    yield (await client.stageDossiers(request, { signal })).dossiers;
  } catch (error) {
    if (!isTooLarge(error) || end - first === 1) throw error;
    const middle = first + Math.ceil((end - first) / 2);
    yield* stage(client, options, first, middle);
    yield* stage(client, options, middle, end);
  }
}

/** gRPC itself refuses a message that is longer than the platform reads, without a reason and a delay. */
const isTooLarge = (error: unknown): boolean =>
  error instanceof LienThongError &&
  (error.reason === 'REQUEST_TOO_LARGE' ||
    (error.code === Status.RESOURCE_EXHAUSTED && error.reason === '' && error.retryAfterMs === undefined));
