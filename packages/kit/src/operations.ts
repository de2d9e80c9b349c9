import {
  OperationsServiceDefinition,
  type OperationsServiceImplementation,
} from '@lienthong/contracts/operations';
import { z } from 'zod';
import { refuse } from './errors.ts';
import { type CallInfo, type RpcModule, rpcModule } from './grpc/module.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { field, parse } from './parse.ts';

export interface LogStatus {
  source: string;
  /** Empty, or why the relay stopped and what to do. */
  halted: string;
  leader: boolean;
  sequenced: number;
  published: number;
}

export interface ConsumerStatus {
  name: string;
  source: string;
  cursor: number;
  lag: number;
  parked: number;
}

export interface ParkedEvent {
  consumer: string;
  source: string;
  position: number;
  eventId: string;
  type: string;
  aggregateId: string;
  error: string;
  parkedAt: Date;
}

/** What a service lets its operators see and do. */
export interface Operations {
  service: string;
  status(): Promise<{ log: LogStatus | undefined; consumers: ConsumerStatus[] }>;
  /** Oldest first, after the given place. */
  parked(consumer: string, after: ParkedCursor | undefined, limit: number): Promise<ParkedEvent[]>;
  replay(
    consumer: string,
    aggregateId: string | undefined,
  ): Promise<{ replayed: number; stillParked: number }>;
}

export interface ParkedCursor {
  source: string;
  position: number;
}

const operator = { anyOf: ['admin'] } as const;

const name = field.text({ min: 1, max: 100 });

const listSchema = z.object({
  service: name,
  consumer: name,
  pageSize: field.pageSize,
  pageToken: z.string(),
});

const replaySchema = z.object({
  service: name,
  consumer: name,
  aggregateId: field.optionalUuid,
});

export function operationsModule(all: readonly Operations[]): RpcModule {
  const of = (service: string): Operations =>
    all.find((one) => one.service === service) ??
    refuse({
      kind: 'not-found',
      reason: 'SERVICE_UNKNOWN',
      message: `no service ${service} runs here; there are ${all.map((one) => one.service).join(', ')}`,
    });
  const implementation: OperationsServiceImplementation<CallInfo> = {
    async getStatus() {
      const found = await Promise.all(
        all.map(async (one) => ({ service: one.service, ...(await one.status()) })),
      );
      return {
        logs: found.flatMap(({ log }) => (log ? [toWire(log)] : [])),
        consumers: found.flatMap(({ service, consumers }) =>
          consumers.map((one) => ({ service, ...toWire(one) })),
        ),
      };
    },
    async listParkedEvents(request) {
      const { service, consumer, pageSize, pageToken } = parse(listSchema, request);
      const filter = [service, consumer];
      const after = decodePageToken<ParkedCursor>('parked', pageToken, filter);
      const events = await of(service).parked(consumer, after, pageSize + 1);
      const page = events.slice(0, pageSize);
      const last = page.at(-1);
      return {
        events: page.map((event) => ({ service, ...toWire(event) })),
        nextPageToken:
          events.length > pageSize && last
            ? encodePageToken('parked', { source: last.source, position: last.position }, filter)
            : '',
      };
    },
    async replayParkedEvents(request) {
      const { service, consumer, aggregateId } = parse(replaySchema, request);
      return toWire(await of(service).replay(consumer, aggregateId || undefined));
    },
  };
  return rpcModule(OperationsServiceDefinition, implementation, {
    getStatus: operator,
    listParkedEvents: operator,
    replayParkedEvents: operator,
  });
}

type Wire<T> = { [K in keyof T]: T[K] extends number ? bigint : T[K] };

function toWire<T extends object>(value: T): Wire<T> {
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, typeof v === 'number' ? BigInt(v) : v]),
  ) as Wire<T>;
}
