import { connect as connectHttp2 } from 'node:http2';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { FollowRequest, Start } from '@lienthong/contracts/feed';
import { onTestFinished } from 'vitest';

export interface LazyClient {
  /** The numbers in "no-00001;" that it has read, in their order. */
  seen: string[];
  /** Reads from now on. */
  read(): void;
  /** Resolves when the server has ended the stream, or the line. */
  closed: Promise<void>;
}

/** A client that follows from the oldest event and reads nothing until `read` is called. */
export function lazyClient(address: string, authorization: string): LazyClient {
  const session = connectHttp2(`http://${address}`);
  // A connection that breaks resolves `closed`.
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  const request = session.request({
    ':method': 'POST',
    ':path': '/lienthong.feed.v1.FeedService/Follow',
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization,
  });
  request.on('error', () => {});
  const closed = new Promise<void>((resolve) => request.once('close', resolve));
  request.pause();
  const follow = FollowRequest.fromPartial({ start: Start.OLDEST });
  const body = FollowRequest.encode(follow, new BinaryWriter()).finish();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  request.end(Buffer.concat([prefix, body]));
  const seen: string[] = [];
  return {
    seen,
    closed,
    read() {
      let rest = '';
      request.setEncoding('latin1');
      request.on('data', (chunk: string) => {
        // Numbers may be cut by the chunks.
        const text = rest + chunk;
        const found = [...text.matchAll(/no-(\d{5});/g)];
        for (const [, n] of found) seen.push(n as string);
        const last = found.at(-1);
        rest = last ? text.slice(last.index + last[0].length) : text.slice(-20);
      });
      request.resume();
    },
  };
}
