import { readFile } from 'node:fs/promises';
import { isSameDigest, type ListenTls, type Logger, toDigest, type Worker } from '@lienthong/kit';
import { type CallbackEndpoint, callbackReply, callbackServer } from '@lienthong/outbound';
import { isEarly } from '../answer.ts';
import { COPIES, type Memory } from '../memory.ts';
import type { Intake } from '../receive/intake.ts';

/** A larger package is taken when it is pulled. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface PushOptions {
  /** host:port. */
  listen: string;
  tls: ListenTls;
  log: Logger;
  memory: Memory;
  /** Who may push: the system's name, a file with its secret, and what takes its packages. */
  systems: readonly { name: string; tokenFile: string; intake: Intake }[];
}

/** Takes packages that are pushed: the reply has the answer, given once the platform has the package. */
export function pushServer({ listen, tls, log, memory, systems }: PushOptions): Worker {
  const endpoint = ({ tokenFile, intake }: PushOptions['systems'][number]): CallbackEndpoint => ({
    methods: ['POST'],
    async admit({ authorization, 'content-length': length }) {
      const secret = (await readFile(tokenFile, 'utf8')).trim();
      if (!isSameDigest(toDigest(authorization ?? ''), toDigest(`Bearer ${secret}`)))
        return callbackReply(401, 'the token is missing or wrong');
      if (!/^\d{1,15}$/.test(length ?? '')) return callbackReply(411, 'give the length of the package');
      const sizeBytes = Number(length);
      if (sizeBytes > MAX_BYTES) return callbackReply(413, `a package has at most ${MAX_BYTES} bytes here`);
      return memory.hold(COPIES * sizeBytes);
    },
    async receive({ body }) {
      const answer = await intake.take(body);
      const status = answer.accepted ? 200 : isEarly(answer) ? 409 : 422;
      return { status, body: answer };
    },
  });
  return callbackServer({
    name: 'edxml-push',
    listen,
    tls,
    log,
    maxBodyBytes: MAX_BYTES,
    endpoints: new Map(systems.map((one) => [`/edxml/${one.name}`, endpoint(one)])),
  });
}
