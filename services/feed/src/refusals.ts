import type { Refusal } from '@lienthong/kit';

export const cursorTooOld: Refusal = {
  kind: 'out-of-range',
  reason: 'CURSOR_TOO_OLD',
  message:
    'events after this cursor are not kept any more; read the current state again, then follow with START_OLDEST or START_NOW',
};

export const stopping: Refusal = {
  kind: 'unavailable',
  reason: 'FEED_STOPPING',
  message: 'this process stops; open the stream again with your last cursor',
};

export const renew: Refusal = {
  kind: 'unavailable',
  reason: 'STREAM_RENEWAL',
  message:
    'streams end from time to time; open it again with your last cursor and a token that is still good',
};

export const tooManyStreams: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_STREAMS',
  message: 'this process has as many open streams as it may; open the stream again in a moment',
  retryAfterMs: 2000,
};
