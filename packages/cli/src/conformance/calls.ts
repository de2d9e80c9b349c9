import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { FollowRequest, FollowResponse } from '@lienthong/contracts/feed';
import { type ConnectionOptions, readLine, readLogin } from '../connection.ts';
import { Exit, Failure, usage } from '../failure.ts';
import { createOutput, type Format } from '../output/output.ts';
import { type Call, type Fate, type Line, openLine } from './line.ts';
import { methods } from './methods.ts';
import { judge, type Seen, type SeenChange, type SeenStream } from './observed.ts';
import { type Finding, report } from './report.ts';

export interface CallsOptions extends ConnectionOptions {
  listen: string;
  for: number;
  output: Format;
}

const FOLLOW = '/lienthong.feed.v1.FeedService/Follow';
/** Of changes that come for the first time, one in so many loses its reply, the first too. */
const CHANGES_PER_LOSS = 2;
/** Events after which a stream is lost; the last of them has not come. */
const EVENTS_PER_LOSS = 3;

/**
 * Stands between a system and the platform, loses replies and streams, and looks at what the system does then. It ends after
 * the time of `--for`, or with SIGINT.
 */
export async function checkCalls(options: CallsOptions): Promise<Exit> {
  const out = createOutput(options.output);
  const line = await standBetween(options);
  out.note(
    `Cho hệ thống gọi ${line.address}, không TLS, trong ${options.for} giây; Ctrl-C để kết thúc sớm\n` +
      `Let the system call ${line.address}, without TLS, for ${options.for} s; Ctrl-C ends it earlier`,
  );
  const ending = new AbortController();
  const { signal } = ending;
  await Promise.race([
    wait(options.for * 1000, undefined, { signal }).catch(() => {}),
    once(process, 'SIGINT', { signal }).catch(() => {}),
  ]);
  ending.abort();
  await line.close();
  return report(out, line.findings());
}

export async function standBetween(
  options: ConnectionOptions & { listen: string },
): Promise<Line & { findings(): Finding[] }> {
  const { listen } = options;
  if (!/^.+:\d+$/.test(listen)) throw usage(`--listen ${listen} must be host:port`);
  const { address, tls } = await readLine(await readLogin(options));
  const { decide, seen } = createObserver();
  const line = await openLine({
    listen,
    platform: `${tls === undefined ? 'http' : 'https'}://${address}`,
    tls: tls ?? {},
    isSingle: (path) => methods.get(path)?.requestStream === false,
    decide,
  }).catch((cause: Error) => {
    throw new Failure(Exit.UNREACHED, `from ${listen} to ${address}: ${cause.message}`, cause);
  });
  return { ...line, findings: () => judge(seen) };
}

/** Decides what is lost, and keeps what was seen. */
function createObserver(): { decide(call: Call): Fate; seen: Seen } {
  const changes: SeenChange[] = [];
  const streams: SeenStream[] = [];
  const endless = new Set<string>();
  const known = new Set<string>();
  const seen = { changes, streams, endless, calls: 0 };

  function decide({ path, hasDeadline, request }: Call): Fate {
    const method = methods.get(path);
    if (method === undefined) return {};
    seen.calls += 1;
    if (path === FOLLOW) {
      const follows = read(() => FollowRequest.decode(request));
      return follows ? follow(follows) : {};
    }
    if (!hasDeadline && !method.responseStream) endless.add(path.slice(path.lastIndexOf('/') + 1));
    const { requestId, ...body }: { requestId?: unknown } =
      read(() => method.requestType.decode(request)) ?? {};
    if (typeof requestId !== 'string' || requestId === '') return {};
    const change = {
      path,
      requestId,
      body: JSON.stringify(method.requestType.toJSON(body as never)),
      isLost: false,
    };
    changes.push(change);
    const isFirst = !known.has(requestId);
    known.add(requestId);
    if (!isFirst || (known.size - 1) % CHANGES_PER_LOSS > 0) return {};
    return {
      losesReply: () => {
        change.isLost = true;
        return true;
      },
    };
  }

  function follow({ cursor }: FollowRequest): Fate {
    let events = 0;
    const came: string[] = [];
    const stream = { cursor, came, isLost: false };
    streams.push(stream);
    return {
      losesMessage(message) {
        const { message: one } = FollowResponse.decode(message);
        if (one?.$case === 'event') events += 1;
        stream.isLost = events >= EVENTS_PER_LOSS;
        if (!stream.isLost && one !== undefined) came.push(one.value.cursor);
        return stream.isLost;
      },
    };
  }
  return { decide, seen };
}

/** Undefined when the bytes are not such a message, which the platform says itself. */
function read<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
