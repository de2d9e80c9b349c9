import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DescMessage } from '@bufbuild/protobuf';
import { invalid, refuse } from '@lienthong/kit';
import { readText, requireType } from '../http/body.ts';
import { metadataOf } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { problemOf } from '../problem.ts';
import { type Deps, type Exchange, STREAM_MS } from './exchange.ts';

/** How long a client of Server-Sent Events waits before it connects again. */
const RETRY_MS = 1_000;

/**
 * Messages as they come: as Server-Sent Events where the caller accepts them, each with its cursor as id, so that a
 * client that connects again goes on by itself; otherwise as JSON lines.
 */
export async function serveStream(
  { route, request, response, caller, signal }: Exchange,
  { platform, codec, log }: Deps,
): Promise<void> {
  const { path, method } = route;
  const change = useLastEventId(request, method.input);
  const message =
    request.method === 'GET'
      ? codec.readValue(method.input, fromQuery(request, method.input), { change })
      : codec.read(method.input, await readJson(request), { change });
  const call = { metadata: metadataOf(request, caller), timeoutMs: STREAM_MS, signal };
  const stream = platform.stream(path, encode(method.input, message), call);
  const asEvents = (request.headers.accept ?? '').includes('text/event-stream');
  try {
    for await (const bytes of stream) {
      const json = codec.write(method.output, bytes);
      if (!response.headersSent) begin(response, asEvents);
      const text = asEvents ? toEvent(json) : `${json}\n`;
      if (!response.write(text)) await once(response, 'drain', { signal });
    }
  } catch (error) {
    // Before the first message the response is the problem itself, and lines end in a connection that breaks.
    if (!response.headersSent || !asEvents || signal.aborted) throw error;
    response.write(`event: problem\ndata: ${JSON.stringify(problemOf(error, log))}\n\n`);
  }
  if (!response.headersSent) begin(response, asEvents);
  response.end();
}

async function readJson(request: IncomingMessage): Promise<string> {
  requireType(request, 'application/json');
  return readText(request);
}

function begin(response: ServerResponse, asEvents: boolean): void {
  // A proxy that collects a response before it passes it on would keep events back.
  response.setHeader('x-accel-buffering', 'no');
  response.writeHead(200, { 'content-type': asEvents ? 'text/event-stream' : 'application/jsonl' });
  if (asEvents) response.write(`retry: ${RETRY_MS}\n\n`);
}

/** The case of the message's oneof names the event. */
function toEvent(json: string): string {
  const [[name, value] = ['message', {}]] = Object.entries<{ cursor?: string }>(JSON.parse(json));
  const id = value.cursor === undefined ? '' : `id: ${value.cursor.replaceAll(/[\r\n\0]/g, '')}\n`;
  return `event: ${name}\n${id}data: ${json}\n\n`;
}

const CURSOR = 'cursor';

/** Last-Event-ID is newer than the cursor with which a client began. */
function useLastEventId(request: IncomingMessage, type: DescMessage) {
  const last = request.headers['last-event-id'];
  return (value: unknown): void => {
    const takes = type.fields.some(({ name }) => name === CURSOR);
    if (typeof last === 'string' && last !== '' && takes && typeof value === 'object' && value !== null)
      (value as Record<string, unknown>)[CURSOR] = last;
  };
}

/** Also for names such as __proto__, which an assignment would not keep. */
const OWN_PROPERTY = { enumerable: true, writable: true, configurable: true };

/** The fields of a message from the address, which clients of Server-Sent Events send: those with texts and numbers. */
function fromQuery(request: IncomingMessage, type: DescMessage): Record<string, unknown> {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const json: Record<string, unknown> = {};
  for (const [key, value] of searchParams) {
    const field = type.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    if (field?.fieldKind === 'list') {
      json[key] = [...((json[key] as unknown[] | undefined) ?? []), value];
    } else if (Object.hasOwn(json, key)) {
      refuse(
        invalid(
          [{ field: key, description: 'stands twice in the address', reason: 'FIELD_MALFORMED' }],
          'REQUEST_MALFORMED',
        ),
      );
    } else Object.defineProperty(json, key, { value, ...OWN_PROPERTY });
  }
  return json;
}
