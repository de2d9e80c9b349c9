import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import type { Agency } from '@lienthong/contracts/directory';
import type { DeepPartial, DeliveryStatus, IssueDocumentRequest } from '@lienthong/contracts/routing';
import type { Role } from '@lienthong/kit';
import { type CallRefusal, type TestWorld, testWorld } from '@lienthong/testkit';
import { documentRouting } from '../../src/service.ts';

export type World = Omit<TestWorld, 'as'> & {
  as(agency: Pick<Agency, 'id'>, role?: Role, officerId?: string): AgencyClient;
};

/** The real service with a directory's event log beside it. */
export async function openWorld(env: Record<string, string> = {}): Promise<World> {
  const world = await testWorld(documentRouting, {
    sources: ['directory'],
    env: { ROUTING_REROUTE_CHECK_MS: '50', ...env },
  });
  const { as } = world;
  return Object.assign(world, {
    as: ({ id }: Pick<Agency, 'id'>, role: Role = 'clerk', officerId = 'văn thư') =>
      as({ agencyId: id, officerId, roles: [role] }),
  });
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
