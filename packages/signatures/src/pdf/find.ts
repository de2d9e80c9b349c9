import { MAX_SIGNATURE_BYTES } from '../cms/verify.ts';

/** A signature in a PDF file (ISO 32000-2, 12.8), and the bytes that it signs. */
export interface PdfSignatureBytes {
  /** The CMS signature. */
  signature: Buffer;
  /** The file without the signature, in two parts. */
  signed: readonly [Buffer, Buffer];
  /** Where the signed revision ends. */
  end: number;
}

/** Why a signature's dictionary cannot be believed. */
export interface WrongRange {
  wrong: string;
}

/** The most signatures and time stamps of a file. */
const MAX_SIGNATURES = 20;
/** The most bytes that a file keeps for a signature, as hexadecimal digits; most of them are zeros behind it. */
const MAX_PLACE = 16 * MAX_SIGNATURE_BYTES;
const RANGE = /^\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/;
/** A time stamp of the whole document is made by an authority and not by a signer. */
const TIME_STAMP = /\/SubFilter\s*\/ETSI\.RFC3161/;

/**
 * The signatures of a file, in the order of their revisions. They are found by their byte ranges, so that what a reader of
 * the file takes for its structure does not matter: a signature that covers all bytes but its own covers any structure.
 */
export function findSignatures(file: Buffer): (PdfSignatureBytes | WrongRange)[] {
  const found: (PdfSignatureBytes | WrongRange)[] = [];
  let at = file.indexOf('/ByteRange');
  for (let n = 0; at >= 0; n += 1) {
    if (n === MAX_SIGNATURES) return [{ wrong: `the file has more than ${MAX_SIGNATURES} signatures` }];
    if (!isTimeStamp(file, at)) found.push(signatureAt(file, at));
    at = file.indexOf('/ByteRange', at + 1);
  }
  return found.sort((a, b) => endOf(a) - endOf(b));
}

const endOf = (found: PdfSignatureBytes | WrongRange): number => ('wrong' in found ? 0 : found.end);

function signatureAt(file: Buffer, at: number): PdfSignatureBytes | WrongRange {
  const [, ...numbers] = RANGE.exec(file.toString('latin1', at, at + 120)) ?? [];
  if (numbers.length === 0) return { wrong: 'the byte range is not two pairs of numbers' };
  const [start, firstLength, second, secondLength] = numbers.map(Number) as [number, number, number, number];
  const end = second + secondLength;
  const isHexOnly =
    start === 0 &&
    second > firstLength + 2 &&
    second - firstLength <= MAX_PLACE &&
    end <= file.length &&
    (at < firstLength || (at >= second && at < end)) &&
    file[firstLength] === 0x3c &&
    file[second - 1] === 0x3e;
  const hex = isHexOnly ? file.toString('latin1', firstLength + 1, second - 1) : '';
  if (!/^[0-9A-Fa-f]+$/.test(hex)) return { wrong: 'the byte range leaves out more than the signature' };
  return {
    signature: withoutPadding(Buffer.from(hex, 'hex')),
    signed: [file.subarray(0, firstLength), file.subarray(second, end)],
    end,
  };
}

function isTimeStamp(file: Buffer, at: number): boolean {
  const begin = Math.max(file.lastIndexOf(' obj', at), 0);
  const until = file.indexOf('endobj', at);
  // The signature itself may be long; the names stand before or after it.
  const end = until < 0 ? file.length : until;
  const around = [
    file.subarray(begin, Math.min(begin + 512, end)),
    file.subarray(at, Math.min(at + 512, end)),
  ];
  return around.some((part) => TIME_STAMP.test(part.toString('latin1')));
}

/** A signature is shorter than the place that is kept for it; zeros follow. */
function withoutPadding(bytes: Buffer): Buffer {
  const first = bytes[1] ?? 0;
  if (first === 0x80 || bytes.length < 6) return bytes;
  const sizeBytes = first > 0x80 ? Math.min(first - 0x80, 4) : 0;
  const length = sizeBytes > 0 ? bytes.readUIntBE(2, sizeBytes) : first;
  const end = 2 + sizeBytes + length;
  return bytes.subarray(end).every((byte) => byte === 0) ? bytes.subarray(0, end) : bytes;
}
