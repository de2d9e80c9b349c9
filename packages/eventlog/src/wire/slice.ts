import { type EventType, eventContracts } from '@lienthong/contracts/events';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { CURSOR, type EventAttributes, toSliceHeaders } from './message.ts';

/**
 * An agency's slice is the part of the events that concerns it. It is a stream in the JetStream of the agency's leaf
 * node, whose domain is the agency's id; the hub keeps no copy.
 */
export const SLICE_STREAM = 'SLICE';

/** `*` for all agencies. */
export const sliceSubjects = (root: string, agencyId: string): string => `${root}.slice.${agencyId}.>`;

/** Where a leaf's replies go: apart for each, so that none can reply for another one or for a server of the hub. */
export const sliceInbox = (agencyId: string): string => `_INBOX.slice.${agencyId}`;

export interface SliceEvent extends EventAttributes {
  source: string;
  payload: Uint8Array;
  /** The place after the event in the feed. */
  cursor: string;
}

export interface LeafStream {
  /** The last message's sequence and cursor; undefined when the leaf has no stream. An emptied one has no cursor. */
  end(): Promise<{ seq: number; cursor: string | undefined } | undefined>;
  create(maxBytes: number): Promise<void>;
  /** Resolves when the stream holds all the events. @throws when its last sequence is not `after`, or no reply comes */
  append(events: readonly SliceEvent[], after: number): Promise<void>;
}

const STREAM_NOT_FOUND = 10059;
const MESSAGE_NOT_FOUND = 10037;

/** Longer than the round trip of a line over a satellite. */
const REPLY_MS = 5_000;
/** A poor line: 32 kbit/s. */
const BYTES_PER_MS = 4;

interface ApiReply {
  error?: { err_code?: number; description?: string };
}

/** Every call throws when the leaf cannot be reached. */
export function leafStream(nats: NatsConnection, root: string, agencyId: string): LeafStream {
  const options = (timeout: number) => ({
    noMux: true,
    reply: createInbox(sliceInbox(agencyId)),
    timeout,
  });

  /** Undefined when what is called is not there. */
  async function call<T>(api: string, request: object = {}): Promise<T | undefined> {
    const subject = `$JS.${agencyId}.API.STREAM.${api}.${SLICE_STREAM}`;
    return checked<T>(await nats.request(subject, JSON.stringify(request), options(REPLY_MS)));
  }

  return {
    async end() {
      const info = await call<{ state: { last_seq: number } }>('INFO');
      if (info === undefined) return undefined;
      const seq = info.state.last_seq;
      const last = seq === 0 ? undefined : await call<{ message: { hdrs?: string } }>('MSG.GET', { seq });
      const headers = Buffer.from(last?.message.hdrs ?? '', 'base64').toString('latin1');
      return { seq, cursor: new RegExp(`^${CURSOR}: (.*)\r$`, 'm').exec(headers)?.[1] };
    },
    async create(maxBytes) {
      await call('CREATE', {
        name: SLICE_STREAM,
        description: `Events that concern the agency ${agencyId}`,
        subjects: [sliceSubjects(root, agencyId)],
        storage: 'file',
        retention: 'limits',
        // By size and not by age: the last message says where the slice ends, so one must be left.
        max_bytes: maxBytes,
        discard: 'old',
        num_replicas: 1,
        deny_delete: true,
        deny_purge: true,
      });
    },
    async append(events, after) {
      const last = events.length - 1;
      for (const [i, event] of events.entries()) {
        const { source, payload, cursor } = event;
        const { aggregate, event: what } = eventContracts[event.type as EventType];
        const subject = `${root}.slice.${agencyId}.${source}.${aggregate}.${what}`;
        const headers = toSliceHeaders(event, source, after + i, cursor);
        // Each is taken only behind the one before it: the acknowledgement of the last one stands for all.
        if (i < last) nats.publish(subject, payload, { headers });
        else {
          const bytes = events.reduce((sum, one) => sum + one.payload.length, 0);
          const timeout = REPLY_MS + bytes / BYTES_PER_MS;
          checked(await nats.request(subject, payload, { ...options(timeout), headers }));
        }
      }
    },
  };
}

function checked<T>(reply: Msg): T | undefined {
  const { error, ...rest } = reply.json<ApiReply>();
  if (error === undefined) return rest as T;
  if (error.err_code === STREAM_NOT_FOUND || error.err_code === MESSAGE_NOT_FOUND) return undefined;
  throw new Error(error.description ?? `JetStream replied ${JSON.stringify(error)}`);
}
