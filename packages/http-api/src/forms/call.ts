import { readText, requireType } from '../http/body.ts';
import { metadataOf, passWritten } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { CALL_MS, type Deps, type Exchange, sendJson } from './exchange.ts';
import { useIdempotencyKey } from './idempotency-key.ts';

/** One request, one reply. */
export async function serveCall(
  { route, request, response, caller, signal }: Exchange,
  { platform, codec }: Deps,
): Promise<void> {
  requireType(request, 'application/json');
  const { path, method } = route;
  const change = useIdempotencyKey(request, method.input);
  const message = codec.read(method.input, await readText(request), { change });
  const reply = await platform.call(path, encode(method.input, message), {
    metadata: metadataOf(request, caller),
    timeoutMs: CALL_MS,
    signal,
    onMetadata: (metadata) => passWritten(metadata, response),
  });
  await sendJson({ request, response }, codec.write(method.output, reply));
}
