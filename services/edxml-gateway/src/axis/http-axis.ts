import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Clock, Logger } from '@lienthong/kit';
import { createHttpClient, type HttpRequest, type HttpResult, readAuthorities } from '@lienthong/outbound';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { type Axis, type AxisPackage, type AxisRefusal, AxisUnavailable } from './axis.ts';

export interface HttpAxisSettings {
  url: string;
  /** A file with the token that is shown to the axis; read for each call. */
  tokenFile: string;
  /** A PEM file of authorities that are trusted beside the system's. */
  caFile?: string | undefined;
  timeoutSeconds: number;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const PACKAGE_TYPES = new Set(['application/xml', 'text/xml', 'application/octet-stream']);

const item = z.object({
  docId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .default(''),
  sentAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});
const page = z.object({ edocs: z.array(z.unknown()).max(1000), next: z.string().max(500).default('') });
const refusal = z.object({ reason: z.string().min(1).max(100), message: z.string().max(2000) });
/** Statuses by which the axis may say that it never takes a package. */
const REFUSING = new Set([400, 409, 413, 422]);

/** Speaks to an axis over HTTP, in the form that the README has. */
export function httpAxis(settings: HttpAxisSettings, clock: Clock, log: Logger): Axis {
  const authorities = settings.caFile === undefined ? undefined : readAuthorities(settings.caFile);
  const http = createHttpClient({
    clock,
    timeoutMs: settings.timeoutSeconds * 1000,
    readBytes: MAX_ANSWER_BYTES,
    rules: { allowPrivate: true, allowHttp: true, ports: [], authorities },
  });
  const base = settings.url.replace(/\/+$/, '');

  async function call(path: string, request: Omit<HttpRequest, 'url'>): Promise<HttpResult> {
    const token = (await readFile(settings.tokenFile, 'utf8')).trim();
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    return http.send({ ...request, url: `${base}${path}`, headers });
  }

  return {
    async list(after) {
      const what = 'list packages';
      const query = after === '' ? '' : `?after=${encodeURIComponent(after)}`;
      const { edocs, next } = jsonOf(
        requireOk(await call(`/edocs/received${query}`, { method: 'GET', headers: JSON_WANTED }), what),
        page,
        what,
      );
      const read = edocs.map((one) => item.safeParse(one));
      const unreadable = read.find((one) => !one.success);
      if (unreadable)
        log.warn({ err: unreadable.error, url: base }, 'the axis lists packages that cannot be read');
      return { packages: read.flatMap(({ data }) => data ?? []), next };
    },

    async read({ docId, sizeBytes, sha256 }: AxisPackage) {
      const what = `give the package ${docId}`;
      const request = { method: 'GET', headers: {}, readBytes: sizeBytes + 1 } as const;
      const { bytes, contentType } = requireOk(
        await call(`/edocs/${encodeURIComponent(docId)}`, request),
        what,
      );
      // A proxy's page in its place must not be taken for the package, and refused.
      if (!PACKAGE_TYPES.has(contentType ?? ''))
        throw new AxisUnavailable(`${what}: it came as ${contentType ?? 'no type'}`);
      if (bytes?.length !== sizeBytes)
        throw new AxisUnavailable(`${what}: it has ${bytes?.length} bytes instead of ${sizeBytes}`);
      if (sha256 !== '' && createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new AxisUnavailable(`${what}: its bytes are not those of its SHA-256`);
      return bytes;
    },

    async acknowledge(docId, answer: Answer) {
      const body = JSON.stringify({ ...answer, status: answer.accepted ? 'done' : 'fail' });
      const path = `/edocs/${encodeURIComponent(docId)}/status`;
      const headers = { 'content-type': 'application/json' };
      requireOk(await call(path, { method: 'PUT', headers, body }), `take the status of ${docId}`);
    },

    async send({ id, path, kind }, signal): Promise<AxisRefusal | undefined> {
      const { size } = await stat(path);
      const result = await call('/edocs', {
        method: 'POST',
        headers: {
          'content-type': 'application/xml',
          'message-type': kind === 'document' ? 'edoc' : 'status',
          'idempotency-key': id,
        },
        body: { sizeBytes: size, read: () => createReadStream(path) },
        signal,
      });
      if (REFUSING.has(result.status)) {
        const refused = refusal.safeParse(parseJson(result));
        if (refused.success) return refused.data;
      }
      requireOk(result, `take the package ${id}`);
      return undefined;
    },

    close: () => http.close(),
  };
}

const JSON_WANTED = { accept: 'application/json' };

function requireOk(result: HttpResult, what: string): HttpResult {
  if (result.status >= 200 && result.status < 300) return result;
  throw new AxisUnavailable(`${what}: ${result.cause}`, result.retryAfterMs);
}

function parseJson({ bytes }: HttpResult): unknown {
  try {
    return JSON.parse(bytes?.toString() ?? '');
  } catch {
    return undefined;
  }
}

function jsonOf<T extends z.ZodType>(result: HttpResult, schema: T, what: string): z.output<T> {
  const read = schema.safeParse(parseJson(result));
  if (read.success) return read.data;
  throw new AxisUnavailable(`${what}: its answer is not as agreed`);
}
