import { randomUUID } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Agency } from '@lienthong/contracts/directory';
import type { DeepPartial, DeliveryStatus, IssueDocumentRequest } from '@lienthong/contracts/routing';
import { type Database, openDatabase, type Role } from '@lienthong/kit';
import { announced } from '@lienthong/reference-data/testing';
import {
  type CallRefusal,
  type ManualClock,
  manualClock,
  type RunningServices,
  runTestServices,
  type TestEventSource,
  type TestStack,
  testEventSource,
  testStack,
} from '@lienthong/testkit';
import { expect, vi } from 'vitest';
import { documentRouting } from '../../src/service.ts';

export interface World {
  clock: ManualClock;
  stack: TestStack;
  running: RunningServices;
  /** The service's own database, to look at what it wrote. */
  db: Database;
  /** What the directory says; resolves when the service knows it. */
  announce(...agencies: Agency[]): Promise<void>;
  as(agency: Pick<Agency, 'id'>, role?: Role): AgencyClient;
  stop(): Promise<void>;
}

export const ROUTING_ENV = { ROUTING_REROUTE_CHECK_MS: '50' };

/** The real service with a directory's event log beside it; its clock stands on 15 January 2026, 08:00 in Vietnam. */
export async function openWorld(env: Record<string, string> = {}): Promise<World> {
  const stack = await testStack();
  const clock = manualClock('2026-01-15T01:00:00Z');
  const directory: TestEventSource = await testEventSource(stack, 'directory');
  const running = await runTestServices([documentRouting], stack, {
    clock,
    connections: 8,
    env: { ...ROUTING_ENV, ...env },
  });
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'document_routing',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const clients = new Map<string, AgencyClient>();
  const known = new Map<string, bigint>();

  const as = (agency: Pick<Agency, 'id'>, role: Role = 'clerk'): AgencyClient => {
    const key = `${agency.id} ${role}`;
    const there = clients.get(key);
    if (there) return there;
    const caller = { agencyId: agency.id, officerId: 'văn thư', roles: [role] };
    const client = connectAgency({
      address: running.address,
      token: async () => (await running.bearer(caller)).slice('Bearer '.length),
    });
    clients.set(key, client);
    return client;
  };

  return {
    clock,
    stack,
    running,
    db,
    as,
    async announce(...agencies) {
      await directory.publish(agencies.map(announced));
      for (const one of agencies) known.set(one.id, one.version);
      await vi.waitFor(async () => {
        const rows = await db.query<{ id: string; version: number }>({
          text: 'select id, version from agency',
        });
        expect(new Map(rows.map((row) => [row.id, BigInt(row.version)]))).toEqual(known);
      }, 20_000);
    },
    async stop() {
      for (const client of clients.values()) client.close();
      await running.stop();
      await directory.stop();
      await db.close();
      await stack.close();
    },
  };
}

/** A complete plan to some agencies, with whatever is to be different. */
export const plan = (
  recipients: readonly Pick<Agency, 'id'>[],
  more: DeepPartial<IssueDocumentRequest> = {},
): DeepPartial<IssueDocumentRequest> => ({
  requestId: randomUUID(),
  notation: 'KH-UBND',
  type: 'KH',
  subject: 'Kế hoạch thực hiện Chương trình hành động số 11-CTr/TU về cải cách hành chính',
  place: 'Vĩnh Long',
  signer: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Nguyễn Văn A' },
  recipients: recipients.map((one) => ({ recipient: { $case: 'agencyId', value: one.id } })),
  ...more,
});

/** Issues a document; gives its id and the ids of its deliveries in the order of the recipients. */
export async function send(from: AgencyClient, request: DeepPartial<IssueDocumentRequest>) {
  const { document, deliveries } = await from.routing.issueDocument(request);
  if (!document) throw new Error('no document in the reply');
  return { document, id: document.id, deliveryIds: deliveries.map((one) => one.deliveryId) };
}

/** Reports statuses one after the other. */
export async function say(
  client: AgencyClient,
  deliveryId: string | undefined,
  ...statuses: DeliveryStatus[]
) {
  for (const status of statuses)
    await client.routing.reportStatus({
      requestId: randomUUID(),
      deliveryId,
      status,
      reason: status === 2 || status === 16 ? 'không đúng thẩm quyền' : '',
      assignee: status === 4 ? 'Trần Thị B' : '',
    });
}

/** A refusal of one field. */
export const fieldRefused = (field: string, reason: string, code = 'INVALID_ARGUMENT'): CallRefusal => ({
  code,
  reason,
  violations: [`${field} ${reason}`],
});

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}
