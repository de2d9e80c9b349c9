import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { field, methodsWith, quote, type RpcService, refuse, rpcService } from '@lienthong/kit';
import { z } from 'zod';
import type { LogStatus, Operations } from './operations.ts';

const policy = { anyOf: ['admin'] } as const;
const name = field.text({ min: 1, max: 100 });
const parkedCursor = z.object({ source: z.string(), position: z.number() });

interface Deps {
  all: readonly Operations[];
  operationsOf(service: string): Operations;
}

const { list, query } = methodsWith<Deps>();
const methods = OperationsServiceDefinition.methods;

const getStatus = query(methods.getStatus, {
  policy,
  request: z.object({}),
  handle: async (_, __, { all }) => {
    const found = await Promise.all(
      all.map(async (one) => ({ service: one.service, ...(await one.status()) })),
    );
    return {
      services: all.map((one) => ({ service: one.service, ...one.program() })),
      logs: found.flatMap(({ log }) => (log ? [toLog(log)] : [])),
      consumers: found.flatMap(({ service, consumers }) =>
        consumers.map((one) => ({ service, ...toWire(one) })),
      ),
    };
  },
});

const listParkedEvents = list(methods.listParkedEvents, {
  policy,
  request: z.object({ service: name, consumer: name }),
  cursor: parkedCursor,
  handle: async ({ service, consumer, page }, _, { operationsOf }) => {
    const events = await operationsOf(service).parked(consumer, page.after, page.limit);
    return page.cut(
      events,
      ({ source, position }) => ({ source, position }),
      (rows, nextPageToken) => ({ events: rows.map((row) => ({ service, ...toWire(row) })), nextPageToken }),
    );
  },
});

const replayParkedEvents = query(methods.replayParkedEvents, {
  changes: true,
  policy,
  request: z.object({ service: name, consumer: name, aggregateId: field.optionalUuid }),
  handle: async ({ service, consumer, aggregateId }, { caller }, { operationsOf }) =>
    toWire(await operationsOf(service).replay(consumer, aggregateId || undefined, caller)),
});

/** What operators see and do, for all services of a process. */
export function operationsService(all: readonly Operations[]): RpcService {
  const operationsOf = (service: string): Operations =>
    all.find((one) => one.service === service) ??
    refuse({
      kind: 'not-found',
      reason: 'SERVICE_UNKNOWN',
      message: `service ${quote(service)} does not run here; use one of: ${all.map((one) => one.service).join(', ')}`,
    });
  return rpcService(OperationsServiceDefinition, { all, operationsOf }, [
    getStatus,
    listParkedEvents,
    replayParkedEvents,
  ]);
}

/** Positions are given at commit, so no event waits for one: `unsequenced` is always 0. */
const toLog = ({ position, ...log }: LogStatus) => ({
  ...toWire(log),
  sequenced: BigInt(position),
  unsequenced: 0n,
});

type Wire<T> = { [K in keyof T]: T[K] extends number ? bigint : T[K] };

function toWire<T extends object>(value: T): Wire<T> {
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, typeof v === 'number' ? BigInt(v) : v]),
  ) as Wire<T>;
}
