import type { ImportAgenciesRequest } from '@lienthong/contracts/directory';
import type { ListInboxRequest } from '@lienthong/contracts/routing';
import { isUuid, refuse } from '@lienthong/kit';
import { expect, test } from 'vitest';
import { platform } from './platform.ts';

const away = { kind: 'unavailable', reason: 'DATABASE_UNAVAILABLE', message: 'away' } as const;

/** An inbox of `count` deliveries; the page token is the next index. */
function inbox(count: number) {
  const requests: ListInboxRequest[] = [];
  return {
    requests,
    async listInbox(request: ListInboxRequest) {
      requests.push(request);
      const from = Number(request.pageToken || 0);
      const to = Math.min(count, from + (request.pageSize || 50));
      const items = Array.from({ length: to - from }, (_, i) => ({ delivery: { id: `${from + i}` } }));
      return { items, nextPageToken: to < count ? `${to}` : '' };
    },
  };
}

test('a list is read page after page with the same filter', async () => {
  const routing = inbox(7);
  const client = await platform({ routing });
  const ids: string[] = [];
  for await (const { delivery } of client.inbox({ filter: { text: 'ke hoach' }, pageSize: 3 }))
    ids.push(delivery?.id ?? '');
  expect(ids).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  expect(routing.requests.map(({ pageToken }) => pageToken)).toEqual(['', '3', '6']);
  expect(new Set(routing.requests.map(({ filter }) => filter?.text))).toEqual(new Set(['ke hoach']));
});

test('a page is requested when the one before has been read', async () => {
  const routing = inbox(7);
  const client = await platform({ routing });
  for await (const { delivery } of client.inbox({ pageSize: 3 })) if (delivery?.id === '1') break;
  expect(routing.requests).toHaveLength(1);
});

test('an empty list has no items', async () => {
  const client = await platform({ routing: inbox(0) });
  expect(await Array.fromAsync(client.inbox())).toEqual([]);
});

test('a page that fails for a moment is requested again', async () => {
  const routing = inbox(4);
  let calls = 0;
  const client = await platform({
    routing: { listInbox: async (request) => (++calls === 2 ? refuse(away) : routing.listInbox(request)) },
  });
  expect(await Array.fromAsync(client.inbox({ pageSize: 2 }))).toHaveLength(4);
  expect(calls).toBe(3);
});

test('every list reads its own items', async () => {
  const one = { id: 'one' };
  const client = await platform({
    routing: {
      listOutbox: async () => ({ items: [{ document: one }] }),
      listDeliveries: async () => ({ deliveries: [one] }),
      listDirectiveAnswers: async () => ({ answers: [{ delivery: one }] }),
    },
    directory: {
      listChildren: async () => ({ agencies: [one] }),
      searchAgencies: async () => ({ agencies: [one] }),
      listOfficers: async () => ({ officers: [one] }),
    },
    audit: { listEntries: async () => ({ entries: [{ eventId: 'one' }] }) },
    operations: { listParkedEvents: async () => ({ events: [{ eventId: 'one' }] }) },
  });
  const lists = [
    client.outbox(),
    client.deliveries({ documentId: 'd' }),
    client.directiveAnswers({ documentId: 'd' }),
    client.children({ agencyId: 'a' }),
    client.search({ query: 'hoa' }),
    client.officers({ agencyId: 'a' }),
    client.auditEntries({}),
    client.parkedEvents({ service: 's', consumer: 'c' }),
  ];
  for (const list of lists) {
    const items: unknown[] = await Array.fromAsync<unknown>(list);
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items, (_, v) => (typeof v === 'bigint' ? String(v) : v))).toContain('"one"');
  }
});

test('an import sends its header, then its lines, and the same again when the platform was away', async () => {
  const attempts: ImportAgenciesRequest[][] = [];
  const client = await platform({
    directory: {
      async importAgencies(request) {
        const messages = await Array.fromAsync(request);
        attempts.push(messages);
        return attempts.length < 3 ? refuse(away) : { imported: messages.length - 1 };
      },
    },
  });
  const lines = [{ key: 'a', name: 'Xã A' }, { key: 'b' }];
  expect(await client.importAgencies({ legalBasis: 'NQ 1687' }, lines)).toMatchObject({ imported: 2 });
  expect(attempts).toHaveLength(3);
  expect(attempts[1]).toEqual(attempts[0]);
  const [header, first] = attempts[0] ?? [];
  if (header?.content?.$case !== 'header') throw new Error('the header comes first');
  expect(header.content.value.legalBasis).toBe('NQ 1687');
  expect(isUuid(header.content.value.requestId)).toBe(true);
  expect(first?.content).toMatchObject({ $case: 'line', value: { key: 'a', name: 'Xã A' } });
});
