import { createHash } from 'node:crypto';
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { contentOf, createCodec, type Route, readContracts } from '@lienthong/http-api';
import type { Caller } from '@lienthong/kit';
import { type Known, randomFrom, randomMessage, rawCaller } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startRestPlatform } from './support/rest.ts';

// FUZZ_SEED repeats a run, FUZZ_CALLS makes it longer.
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const CALLS_PER_METHOD = Number(process.env.FUZZ_CALLS ?? 4);
const CALL_MS = 20_000;

const AGENCY = '018f0000-0000-7000-8000-000000000001';
const callers: Caller[] = [
  { agencyId: AGENCY, officerId: 'clerk', roles: ['clerk', 'officer', 'leader'] },
  { agencyId: AGENCY, officerId: 'system', roles: ['system'] },
  { agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] },
];

const { registry, routes } = readContracts(fileDescriptorSet());
const codec = createCodec(registry);

/** How a call ended, told the same for both ways. */
interface Result {
  code: string;
  detail?: string;
  reason?: string;
  violations?: readonly object[];
  replies?: unknown;
}

/** What differs from call to call: tokens of pages have a nonce, heartbeats their time, proofs the newest checkpoint. */
const CHANGING = /"(nextPageToken|time|proof|alreadyStored)":("[^"]*"|true|false)/g;
const still = (json: string): unknown => JSON.parse(json.replaceAll(CHANGING, '"$1":"…"'));

type Way = (requests: readonly JsonObject[]) => Promise<Result>;

function overGrpc(raw: ReturnType<typeof rawCaller>, { method, form }: Route, token: string): Way {
  return async (requests) => {
    const bytes = requests.map((one) => toBinary(method.input, fromJson(method.input, one, { registry })));
    const { code, message, details, replies } = await raw.call(method, bytes, token, CALL_MS);
    const left = form === 'stream' && code === Status.CANCELLED;
    if (code !== Status.OK && !left) {
      const { reason, violations } = decodeErrorDetails(details);
      return { code: Status[code] as string, detail: message, reason, violations };
    }
    const content = contentOf(method.output)?.localName ?? '';
    if (form === 'download')
      return {
        code: 'OK',
        replies: Buffer.concat(
          replies.map(
            (one) =>
              (fromBinary(method.output, one) as never as Record<string, Uint8Array>)[content] as Uint8Array,
          ),
        ).toString('base64'),
      };
    const json = replies.map((one) => still(codec.write(method.output, one)));
    return { code: 'OK', replies: form === 'stream' ? json.slice(0, 1) : json };
  };
}

type Send = (path: string, init?: RequestInit) => Promise<Response>;

function overHttp(send: Send, route: Route, token: string): Way {
  return async (requests) => {
    const leave = new AbortController();
    const response = await send(route.path, {
      method: 'POST',
      signal: leave.signal,
      ...toRequest(route, requests, token),
    });
    try {
      if (!response.ok) {
        const { code, detail, reason = '', violations = [] } = (await response.json()) as Result;
        return { code, detail, reason, violations };
      }
      if (route.form === 'stream') return { code: 'OK', replies: [still(await firstLine(response))] };
      if (route.form === 'download')
        return { code: 'OK', replies: Buffer.from(await response.arrayBuffer()).toString('base64') };
      return { code: 'OK', replies: [still(await response.text())] };
    } finally {
      leave.abort();
    }
  };
}

function toRequest({ form, method }: Route, requests: readonly JsonObject[], token: string): RequestInit {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  if (form === 'lines')
    return {
      headers: { ...authorization, 'content-type': 'application/jsonl' },
      body: requests.map((one) => JSON.stringify(one)).join('\n'),
    };
  if (form !== 'upload')
    return {
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify(requests[0]),
    };
  const content = contentOf(method.input)?.jsonName ?? '';
  const { sizeBytes, ...header } = (requests[0] as { header: Record<string, string> }).header;
  const metadata = Object.entries(header).map(
    ([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`,
  );
  return {
    headers: {
      ...authorization,
      'tus-resumable': '1.0.0',
      'upload-length': String(sizeBytes),
      'upload-metadata': metadata.join(','),
      'content-type': 'application/offset+octet-stream',
    },
    body: Buffer.from((requests[1] as Record<string, string>)[content] as string, 'base64'),
  };
}

async function firstLine(response: Response): Promise<string> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0] as string;
}

/** A request that an honest client could send, as JSON; some of them have a value that none would send. */
function requestOf(random: ReturnType<typeof randomFrom>, type: DescMessage, known: Known): JsonObject {
  while (true) {
    try {
      const json = toJson(type, fromBinary(type, randomMessage(random, type, known)), { registry });
      // What the library writes it also reads, or there is no JSON for it.
      fromJson(type, json, { registry });
      return json as JsonObject;
    } catch {
      // A broken message, or a time that JSON has no form for.
    }
  }
}

/** In characters. HTTP carries what is said of an upload in a header: Node refuses longer ones before any of our code. */
const LONGEST_METADATA = 1_000;

function requestsOf(
  random: ReturnType<typeof randomFrom>,
  { method, form }: Route,
  known: Known,
): JsonObject[] {
  if (form === 'lines') return [0, 1, 2].map(() => requestOf(random, method.input, known));
  if (form !== 'upload') return [requestOf(random, method.input, known)];
  const bytes = Buffer.alloc(random.below(3_000), random.below(256));
  const sha256 = random.chance(0.7) ? createHash('sha256').update(bytes).digest('hex') : 'ab'.repeat(32);
  const header = method.input.fields.find(({ message }) => message)?.message as DescMessage;
  const texts = Object.fromEntries(
    Object.entries(requestOf(random, header, known)).filter(
      ([, value]) => typeof value === 'string' && value.length <= LONGEST_METADATA,
    ),
  );
  return [
    { header: { ...texts, sha256, sizeBytes: String(bytes.length) } },
    { [contentOf(method.input)?.jsonName ?? '']: bytes.toString('base64') },
  ];
}

const ATTEMPTS = 5;

/**
 * A change carries the same request_id both ways, so the second one gets the first one's reply. What others change
 * meanwhile, such as the audit's log, counts for neither: then both are called again.
 */
async function compare(overGrpc: Way, overHttp: Way, requests: readonly JsonObject[]) {
  const text = (result: Result) => JSON.stringify(result);
  let grpc = await overGrpc(requests);
  for (let attempt = 1; ; attempt += 1) {
    const http = await overHttp(requests);
    if (text(grpc) === text(http)) return { same: true, grpc, http };
    const again = await overGrpc(requests);
    if (text(again) === text(grpc) || attempt === ATTEMPTS) return { same: false, grpc, http };
    grpc = again;
  }
}

test(`every method gives the same over HTTP as over gRPC (FUZZ_SEED=${SEED})`, async () => {
  const random = randomFrom(SEED);
  const { running, send, stop } = await startRestPlatform();
  // A stream that does not end is left after its first reply; a download is read to its end.
  const streams = rawCaller(running.address, { ms: 5_000, replies: 1 });
  const others = rawCaller(running.address, { ms: CALL_MS });
  onTestFinished(async () => {
    streams.close();
    others.close();
    await stop();
  });
  const tokens = await Promise.all(callers.map((caller) => running.issuer.issue(caller)));
  const known: Known = { uuids: [AGENCY], codes: ['H61', 'H61.1'], tokens: [] };
  const different: object[] = [];
  const succeeded = new Set<string>();

  for (const route of routes.values())
    for (let i = 0; i < CALLS_PER_METHOD; i += 1) {
      const token = random.chance(0.1) ? random.pick(['', 'no.such.token']) : random.pick(tokens);
      const requests = requestsOf(random, route, known);
      const { same, grpc, http } = await compare(
        overGrpc(route.form === 'stream' ? streams : others, route, token),
        overHttp(send, route, token),
        requests,
      );
      if (grpc.code === 'OK') succeeded.add(route.path);
      if (!same) different.push({ path: route.path, requests, grpc, http });
    }

  expect(different).toEqual([]);
  // Refusals alone would prove little.
  expect(succeeded.size).toBeGreaterThan(10);
}, 600_000);
