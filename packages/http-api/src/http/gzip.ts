import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Less gains nothing. */
const FROM_BYTES = 1_024;
/** The weight 0 refuses (RFC 9110, 12.4.2). */
const TAKEN = /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*$).*)?$/i;
const compress = promisify(gzip);

/** Whether a caller takes gzip, by its header Accept-Encoding. */
export const takesGzip = (header: string | undefined): boolean =>
  header?.split(',').some((coding) => TAKEN.test(coding)) ?? false;

/** The body compressed where that is worth it. */
export const gzipWorthwhile = async (body: Buffer): Promise<Buffer | undefined> =>
  body.length < FROM_BYTES ? undefined : await compress(body);
