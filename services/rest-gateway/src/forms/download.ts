import { once } from 'node:events';
import { fromBinary } from '@bufbuild/protobuf';
import { readText, requireType } from '../http/body.ts';
import { metadataOf } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { contentOf } from '../routes.ts';
import { CALL_MS, type Deps, type Exchange } from './exchange.ts';

/** The longest that a file may take on the way; one goes on where it broke off by `offset`. */
const DOWNLOAD_MS = 30 * CALL_MS;

/** The bytes of a file; the first message says how many there are. */
export async function serveDownload(
  { route, request, response, signal }: Exchange,
  { platform, codec }: Deps,
): Promise<void> {
  requireType(request, 'application/json');
  const { path, method } = route;
  const message = codec.read(method.input, await readText(request)) as unknown as Part;
  const call = { metadata: metadataOf(request), timeoutMs: DOWNLOAD_MS, signal };
  const stream = platform.stream(path, encode(method.input, message as never), call);
  const content = contentOf(method.output)?.localName as string;
  for await (const bytes of stream) {
    const part = fromBinary(method.output, bytes) as unknown as Record<string, Uint8Array> & Part;
    if (!response.headersSent) {
      const length = lengthOf(message, part);
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
        ...(length !== undefined && { 'content-length': String(length) }),
      });
    }
    if (!response.write(part[content])) await once(response, 'drain', { signal });
  }
  if (!response.headersSent)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 0 });
  response.end();
}

/** Fields of a request for a part of a file, and of the first message of the reply. */
interface Part {
  offset?: bigint;
  length?: bigint;
  totalSizeBytes?: bigint;
}

/** How many bytes follow; undefined when the method does not say. */
function lengthOf({ offset = 0n, length = 0n }: Part, { totalSizeBytes }: Part): bigint | undefined {
  if (totalSizeBytes === undefined) return undefined;
  const left = totalSizeBytes > offset ? totalSizeBytes - offset : 0n;
  return length > 0n && length < left ? length : left;
}
