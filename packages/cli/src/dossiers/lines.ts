import { createHash } from 'node:crypto';
import { ImportedDossier } from '@lienthong/contracts/casework';
import { usage } from '../failure.ts';

export interface Line {
  /** Its place in the file, from 1. */
  at: number;
  dossier: ImportedDossier;
  /** SHA-256 of its text: whether it is as it was. */
  digest: string;
}

/** The dossiers of a file, one a line; empty lines are left out. @throws Failure with the first wrong line */
export function parseLines(text: string, file: string): Line[] {
  const lines: Line[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const wrong = (why: string, cause?: unknown) => usage(`${file}:${i + 1}: ${why}`, cause);
    const { json, dossier, read } = attempt(line, wrong);
    const lost = lostIn(json, read, '');
    if (lost !== undefined)
      throw wrong(`${lost || 'this'} is not a field of ImportedDossier, or not of its type; see docs/api`);
    lines.push({ at: i + 1, dossier, digest: createHash('sha256').update(line.trim()).digest('hex') });
  }
  return lines;
}

function attempt(line: string, wrong: (why: string, cause: unknown) => Error) {
  try {
    const json: unknown = JSON.parse(line);
    const dossier = ImportedDossier.fromJSON(json);
    return { json, dossier, read: ImportedDossier.toJSON(dossier) };
  } catch (error) {
    throw wrong(
      `cannot be read (times are written 2026-01-05T08:00:00+07:00): ${(error as Error).message}`,
      error,
    );
  }
}

/** The path of a value that reading has left out, because its name or type is unknown: nothing is lost in silence. */
function lostIn(given: unknown, read: unknown, path: string): string | undefined {
  if (isEmpty(given)) return undefined;
  if (typeof given !== 'object' || given === null)
    return read === undefined || read === null ? path : undefined;
  if (typeof read !== 'object' || read === null || Array.isArray(given) !== Array.isArray(read)) return path;
  for (const [key, value] of Object.entries(given)) {
    const at = Array.isArray(given) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const lost = lostIn(value, (read as Record<string, unknown>)[key], at);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** The contracts' JSON leaves these out. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === 0 ||
  value === '0' ||
  value === false ||
  (Array.isArray(value) && value.length === 0);
