import { readLines, requireType } from '../http/body.ts';
import { metadataOf, passWritten } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { CALL_MS, type Deps, type Exchange, sendJson } from './exchange.ts';
import { useIdempotencyKey } from './idempotency-key.ts';

const JSON_LINES = ['application/jsonl', 'application/x-ndjson'] as const;

/** A stream of requests, one on each line; the platform carries out all of them or none. */
export async function serveLines(
  { route, request, response, caller, signal }: Exchange,
  { platform, codec }: Deps,
): Promise<void> {
  requireType(request, ...JSON_LINES);
  const { path, method } = route;
  const sending = platform.send(path, {
    metadata: metadataOf(request, caller),
    timeoutMs: CALL_MS,
    signal,
    onMetadata: (metadata) => passWritten(metadata, response),
  });
  try {
    const change = useIdempotencyKey(request, method.input);
    let index = 0;
    for await (const line of readLines(request)) {
      const first = index === 0 ? { change } : {};
      const message = codec.read(method.input, line, { at: `line[${index}]`, ...first });
      await sending.write(encode(method.input, message));
      index += 1;
    }
    await sendJson({ request, response }, codec.write(method.output, await sending.end()));
  } catch (error) {
    // A stream that is cancelled never looks complete to the platform.
    sending.cancel();
    throw error;
  }
}
