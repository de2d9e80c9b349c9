import type { IncomingMessage, ServerResponse } from 'node:http';
import { create, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { invalid, refuse } from '@lienthong/kit';
import { type Deps, STREAM_MS, sendJson } from '../forms/exchange.ts';
import { requireType } from '../http/body.ts';
import { type HttpCaller, metadataOf } from '../http/metadata.ts';
import { encode } from '../json/codec.ts';
import { HttpRefusal } from '../problem.ts';
import { contentOf, type Route } from '../routes.ts';
import { createUpload, type Upload } from './upload.ts';

/** Resumable uploads by tus 1.0 (https://tus.io): creation with or without the first bytes, and termination. */
const VERSION = '1.0.0';
const EXTENSIONS = 'creation,creation-with-upload,termination';
const BYTES = 'application/offset+octet-stream';

export interface Transfer {
  request: IncomingMessage;
  response: ServerResponse;
  caller: HttpCaller;
}

/** POST to a method that takes a file: opens the upload, and takes what comes with it. */
export async function beginUpload(
  { request, response, route, caller }: Transfer & { route: Route },
  deps: Deps,
): Promise<void> {
  requireVersion(request, response);
  const withBytes = request.headers['content-type'] !== undefined;
  if (withBytes) requireType(request, BYTES);
  deps.uploads.requireRoom();
  const upload = open(request, route, caller, deps);
  const id = deps.uploads.add(upload);
  response.setHeader('location', `${deps.uploadsPath}${id}`);
  if (withBytes) await upload.take(request, 0);
  response.setHeader('upload-offset', upload.offset());
  const reply = await upload.reply();
  if (reply) await sendJson({ request, response }, deps.codec.write(route.method.output, reply), 201);
  else response.writeHead(201, { 'content-length': 0 }).end();
}

/** HEAD, PATCH, GET and DELETE of an upload's address. */
export async function serveUpload(
  { request, response, caller }: Transfer,
  id: string,
  deps: Deps,
): Promise<void> {
  const { uploads, codec } = deps;
  const upload = uploads.find(id, caller.owner);
  uploads.touch(id);
  if (request.method === 'GET') {
    const reply = await upload.reply();
    if (reply === undefined) return refuse(incomplete(upload));
    return sendJson({ request, response }, codec.write(upload.route.method.output, reply));
  }
  requireVersion(request, response);
  switch (request.method) {
    case 'HEAD': {
      await upload.interrupt();
      response.writeHead(200, {
        'upload-offset': upload.offset(),
        'upload-length': upload.lengthBytes,
        ...NOT_STORED,
      });
      response.end();
      return;
    }
    case 'PATCH': {
      requireType(request, BYTES);
      await upload.take(request, wholeNumber(request, 'upload-offset')).finally(() => uploads.touch(id));
      await upload.reply();
      response.writeHead(204, { 'upload-offset': upload.offset() }).end();
      return;
    }
    default:
      uploads.remove(id);
      response.writeHead(204).end();
  }
}

/** OPTIONS: what this server can do. */
export function describeUploads(response: ServerResponse): void {
  response
    .writeHead(204, { 'tus-resumable': VERSION, 'tus-version': VERSION, 'tus-extension': EXTENSIONS })
    .end();
}

const NOT_STORED = { 'cache-control': 'no-store' };

function open(request: IncomingMessage, route: Route, caller: HttpCaller, { platform, codec }: Deps): Upload {
  const { input } = route.method;
  const header = input.fields.find(({ message }) => message !== undefined) as DescField & {
    message: DescMessage;
  };
  const content = contentOf(input) as DescField;
  const lengthBytes = wholeNumber(request, 'upload-length');
  const json = { ...readMetadata(request), sizeBytes: String(lengthBytes) };
  const first = codec.readValue(header.message, json, { at: header.name });
  const sending = platform.send(route.path, {
    metadata: metadataOf(request, caller),
    timeoutMs: STREAM_MS,
    // It lives on between requests; `cancel` ends it.
    signal: new AbortController().signal,
  });
  const inOneof = (field: DescField, value: unknown) =>
    encode(
      input,
      create(input, { [field.oneof?.localName ?? '']: { case: field.localName, value } } as never),
    );
  // A refusal of the header shows with the first bytes.
  void sending.write(inOneof(header, first)).catch(() => {});
  return createUpload({
    route,
    sending,
    lengthBytes,
    owner: caller.owner,
    encodeChunk: (chunk) => inOneof(content, chunk),
  });
}

/** Upload-Metadata: names, each with a value in base64. */
function readMetadata(request: IncomingMessage): Record<string, string> {
  const pairs = String(request.headers['upload-metadata'] ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', value = ''] =
        /^(\S+)(?: +([A-Za-z0-9+/]*={0,2}))?$/.exec(pair) ??
        refuse(
          malformed('upload-metadata', 'must be names, each with a value in base64, with commas between'),
        );
      return [name, Buffer.from(value, 'base64').toString('utf8')];
    }),
  );
}

/** Refuses: HEADER_MALFORMED. */
function wholeNumber(request: IncomingMessage, name: string): number {
  const text = String(request.headers[name] ?? '');
  const number = /^\d{1,15}$/.test(text)
    ? Number(text)
    : refuse(malformed(name, 'must be a whole number of bytes'));
  return number;
}

/** Refuses: TUS_VERSION_UNSUPPORTED. */
function requireVersion(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('tus-resumable', VERSION);
  if (request.headers['tus-resumable'] === VERSION) return;
  throw new HttpRefusal(
    412,
    {
      kind: 'failed-precondition',
      reason: 'TUS_VERSION_UNSUPPORTED',
      message: `files are uploaded by tus: send the header Tus-Resumable: ${VERSION}`,
    },
    { 'tus-version': VERSION },
  );
}

const malformed = (header: string, description: string) =>
  invalid([{ field: header, description, reason: 'HEADER_MALFORMED' }]);

const incomplete = (upload: Upload) => ({
  kind: 'failed-precondition' as const,
  reason: 'UPLOAD_INCOMPLETE',
  message: `${upload.offset()} of ${upload.lengthBytes} bytes have arrived; send the others by PATCH`,
});
