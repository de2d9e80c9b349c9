import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A package that the axis holds for a system, with what the system said of it. */
export interface AxisEntry {
  docId: string;
  bytes: Buffer;
  messageType: string;
  sentAt: Date;
  /** Bodies of the acknowledgements, in their order. */
  acknowledgements: Record<string, unknown>[];
}

export interface AxisCall {
  method: string;
  /** Without the query. */
  path: string;
}

/** What the axis does with a call instead of serving it. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string; type?: string }
  /** The call is done, and the line breaks before its reply. */
  | 'cut after'
  /** The line stays open without a reply. */
  | 'silent';

/** A national document axis, as a server of its own: it shares nothing with what speaks to it but bytes over HTTP. */
export interface DocumentAxis {
  url: string;
  token: string;
  /** Packages for the system, the oldest first. */
  inbox: AxisEntry[];
  /** Packages that the system sent, each idempotency key once. */
  sent: { key: string; messageType: string; bytes: Buffer; times: number }[];
  agencies: Record<string, unknown>[];
  /** Puts a package into the inbox. */
  offer(bytes: Buffer, more?: Partial<AxisEntry>): AxisEntry;
  /** Packages without an acknowledgement, as they are listed; a test may reorder or repeat them. */
  arrange: (entries: AxisEntry[]) => AxisEntry[];
  /** Decides on a fault for each call; by default none. */
  fault: (call: AxisCall) => Fault | undefined;
  calls: AxisCall[];
  /** Closes the port with all its lines, and opens it again. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

const PAGE = 50;

export async function documentAxis(): Promise<DocumentAxis> {
  const token = randomUUID();
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const axis: DocumentAxis = {
    url: `http://127.0.0.1:${port}/axis`,
    token,
    inbox: [],
    sent: [],
    agencies: [],
    calls: [],
    arrange: (entries) => entries,
    fault: () => undefined,
    offer(bytes, more = {}) {
      const entry = {
        docId: randomUUID(),
        bytes,
        messageType: 'edoc',
        sentAt: new Date(),
        acknowledgements: [],
        ...more,
      };
      axis.inbox.push(entry);
      return entry;
    },
    async goDown() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async comeUp() {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', axis.url);
    const call = { method: request.method ?? '', path: url.pathname.replace('/axis', '') };
    axis.calls.push(call);
    const fault = axis.fault(call);
    if (fault === 'silent') return;
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    if (typeof fault === 'object') {
      const { status, headers = {}, type = 'application/json' } = fault;
      response.writeHead(status, { 'content-type': type, ...headers }).end(fault.body ?? '{}');
      return;
    }
    const [status, type, reply] = answer(request, url, call, body);
    if (fault === 'cut after') request.socket.destroy();
    else response.writeHead(status, { 'content-type': type }).end(reply);
  }

  const json = (status: number, reply: unknown) =>
    [status, 'application/json', JSON.stringify(reply)] as const;
  const refuse = (status: number, reason: string) => json(status, { reason, message: reason });

  function answer(request: IncomingMessage, url: URL, { method, path }: AxisCall, body: Buffer) {
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(401, 'TOKEN_WRONG');
    if (method === 'GET' && path === '/edocs/received') {
      const open = axis.arrange(axis.inbox.filter((one) => one.acknowledgements.length === 0));
      const from = Number(url.searchParams.get('after') ?? 0);
      const shown = open.slice(from, from + PAGE);
      return json(200, {
        edocs: shown.map((one) => ({
          docId: one.docId,
          messageType: one.messageType,
          sizeBytes: one.bytes.length,
          sha256: createHash('sha256').update(one.bytes).digest('hex'),
          sentAt: one.sentAt.toISOString(),
        })),
        next: from + PAGE < open.length ? String(from + PAGE) : '',
      });
    }
    if (method === 'GET' && path === '/agencies') return json(200, { agencies: axis.agencies, next: '' });
    if (method === 'POST' && path === '/edocs') {
      const key = String(request.headers['idempotency-key'] ?? '');
      const before = axis.sent.find((one) => one.key === key);
      if (before) before.times += 1;
      else
        axis.sent.push({
          key,
          messageType: String(request.headers['message-type']),
          bytes: body,
          times: 1,
        });
      return json(200, { docId: key });
    }
    const [, docId, what] = /^\/edocs\/([^/]+)(\/status)?$/.exec(path) ?? [];
    const entry = axis.inbox.find((one) => one.docId === decodeURIComponent(docId ?? ''));
    if (!entry) return refuse(404, 'DOCUMENT_UNKNOWN');
    if (method === 'GET' && !what) return [200, 'application/xml', entry.bytes] as const;
    if (method !== 'PUT' || !what) return refuse(405, 'METHOD_UNKNOWN');
    entry.acknowledgements.push(JSON.parse(body.toString()));
    return json(200, {});
  }

  return axis;
}
