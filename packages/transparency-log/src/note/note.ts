import { reject } from '../verification-error.ts';
import { decodeBase64 } from './base64.ts';

/** C2SP signed-note: a text and the lines of its signatures. Nothing in it is believed before a signature verifies. */
export interface Note {
  /** With its last newline, without the blank line. */
  text: string;
  signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  name: string;
  /** 32 bits. */
  keyId: number;
  /** What follows the key's id. */
  signature: Buffer;
}

/** The largest note that is read, in bytes. */
export const MAX_NOTE_BYTES = 1_000_000;
/** The most signatures of a note. */
export const MAX_SIGNATURES = 100;

const KEY_NAME = /^[^\s+]+$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a note must not have
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const SIGNATURE_START = '— ';

/** A key's name has no space and no plus. */
export const isKeyName = (name: string): boolean => KEY_NAME.test(name) && !CONTROL.test(name);

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE(keyId);
    return `${SIGNATURE_START}${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** @throws VerificationError */
export function parseNote(note: string | Uint8Array): Note {
  const content = typeof note === 'string' ? note : decodeUtf8(note);
  if (Buffer.byteLength(content) > MAX_NOTE_BYTES) reject(`a note has at most ${MAX_NOTE_BYTES} bytes`);
  if (CONTROL.test(content)) reject('a note has no control characters but newlines');
  if (!content.isWellFormed()) reject('a note is text in UTF-8');
  const blank = content.lastIndexOf('\n\n');
  if (blank < 0) reject('a note has a blank line between its text and its signatures');
  const lines = content.slice(blank + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) reject('a note ends with lines of signatures');
  if (lines.length > MAX_SIGNATURES) reject(`a note has at most ${MAX_SIGNATURES} signatures`);
  return { text: content.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [name = '', encoded = '', ...rest] = line.startsWith(SIGNATURE_START)
    ? line.slice(SIGNATURE_START.length).split(' ')
    : [];
  if (!isKeyName(name) || rest.length > 0) reject('a signature line is: — NAME BASE64');
  const bytes = decodeBase64(encoded, `the signature of ${name}`);
  if (bytes.length < 5) reject(`the signature of ${name} is too short`);
  return { name, keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4) };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return reject('a note is text in UTF-8');
  }
}
