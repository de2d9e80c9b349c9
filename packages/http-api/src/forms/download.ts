import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { readText, requireType } from '../http/body.ts';
import { metadataOf } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { contentOf } from '../routes.ts';
import { CALL_MS, type Deps, type Exchange } from './exchange.ts';

/** The longest that a file may take on the way; one goes on where it broke off by `offset`. */
const DOWNLOAD_MS = 30 * CALL_MS;

/** The size of a file and of the part that follows; undefined when the method does not say. */
export interface FileSize {
  totalBytes: bigint | undefined;
  partBytes: bigint | undefined;
}

/** The bytes of a file; the first message says how many there are. */
export async function serveDownload(exchange: Exchange, deps: Deps): Promise<void> {
  const { request, response, route } = exchange;
  requireType(request, 'application/json');
  const message = deps.codec.read(route.method.input, await readText(request));
  await sendFile(exchange, message, deps, ({ partBytes }) =>
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      ...(partBytes !== undefined && { 'content-length': String(partBytes) }),
    }),
  );
}

/**
 * Sends the bytes that the method of the exchange gives for `message`, as fast as the caller reads them.
 * @param begin writes status and headers, once the platform has begun to reply
 */
export async function sendFile(
  { route, request, response, caller, signal }: Exchange,
  message: MessageShape<DescMessage>,
  { platform }: Deps,
  begin: (size: FileSize) => ServerResponse,
): Promise<void> {
  const { path, method } = route;
  const call = { metadata: metadataOf(request, caller), timeoutMs: DOWNLOAD_MS, signal };
  const stream = platform.stream(path, encode(method.input, message), call);
  const content = contentOf(method.output)?.localName as string;
  const wanted = message as unknown as Part;
  for await (const bytes of stream) {
    const part = fromBinary(method.output, bytes) as unknown as Record<string, Uint8Array> & Part;
    if (!response.headersSent) begin(sizeOf(wanted, part));
    if (!response.write(part[content])) await once(response, 'drain', { signal });
  }
  if (!response.headersSent) begin({ totalBytes: 0n, partBytes: 0n });
  response.end();
}

/** Fields of a request for a part of a file, and of the first message of the reply. */
interface Part {
  offset?: bigint;
  length?: bigint;
  totalSizeBytes?: bigint;
}

function sizeOf({ offset = 0n, length = 0n }: Part, { totalSizeBytes: totalBytes }: Part): FileSize {
  if (totalBytes === undefined) return { totalBytes, partBytes: undefined };
  const left = totalBytes > offset ? totalBytes - offset : 0n;
  return { totalBytes, partBytes: length > 0n && length < left ? length : left };
}
