import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { connectAgency } from '@lienthong/client';
import { FollowRequest, FollowResponse, Start } from '@lienthong/contracts/feed';
import { DeliveryStatus, IssueDocumentRequest } from '@lienthong/contracts/routing';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type SmallPlatform, smallPlatform } from '../../../scripts/support/platform.ts';
import { standBetween } from '../src/conformance/calls.ts';
import { splitFrames, toFrame } from '../src/conformance/frames.ts';
import { run } from '../src/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-conformance-'));
let platform: SmallPlatform;
beforeAll(async () => {
  platform = await smallPlatform();
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const CV = {
  type: 'CV',
  notation: 'UBND-VP',
  signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
  recipients: [{ recipient: { $case: 'code' as const, value: { scheme: '', code: 'H61.1' } } }],
};
const clientOf = (address: string, agencyId: string) =>
  connectAgency({ address, token: () => platform.tokenOf(agencyId, 'clerk') });

/** A line that loses replies and streams, without a login. */
async function line() {
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  const between = await standBetween({
    listen: '127.0.0.1:0',
    address: platform.running.address,
    plaintext: true,
  });
  onTestFinished(() => between.close());
  const failed = () => between.findings().flatMap(({ passed, found }) => (passed ? [] : [found]));
  return { ...between, failed };
}

test('a system by the client passes: nothing is lost or done twice', async () => {
  const { address, findings } = await line();
  const [sender, recipient] = [clientOf(address, platform.province), clientOf(address, platform.commune)];
  onTestFinished(() => [sender, recipient].forEach((one) => void one.close()));
  const subjects = Array.from({ length: 5 }, (_, n) => `V/v đường truyền kém ${n}`);
  for (const subject of subjects) await sender.routing.issueDocument({ ...CV, subject });
  const came: string[] = [];
  const types = ['lienthong.routing.v1.DeliverySent'] as const;
  for await (const { payload } of recipient.follow({ fromOldest: true, types })) {
    came.push(payload.document?.subject ?? '');
    if (came.length === subjects.length) break;
  }
  expect(came).toEqual(subjects);
  const issued: string[] = [];
  for await (const { document } of sender.outbox({})) issued.push(document?.subject ?? '');
  expect(issued.toSorted()).toEqual(subjects);
  expect(findings().map(({ passed, found }) => [passed, found])).toEqual([
    [true, expect.stringMatching(/^\d+ calls$/)],
    [true, '3 again, the same'],
    [true, '2 from a cursor that had come'],
  ]);
});

/** A call as a careless program makes it: without a deadline, tried once. */
async function call(address: string, path: string, request: Uint8Array, messages = 1) {
  const session = connect(`http://${address}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${await platform.tokenOf(platform.province, 'clerk')}`,
  });
  stream.end(toFrame(Buffer.from(request)));
  const trailed = once(stream, 'trailers').catch(() => [{}]);
  const [headers] = await once(stream, 'response');
  const body = headers['grpc-status'] === undefined ? await buffer(stream) : Buffer.alloc(0);
  const [trailers] = headers['grpc-status'] === undefined ? await trailed : [headers];
  return { status: trailers['grpc-status'], messages: splitFrames(body).messages.slice(0, messages) };
}

test('a careless system fails by each of its faults', async () => {
  const { address, failed } = await line();
  const issue = (subject: string, requestId: string = crypto.randomUUID()) =>
    call(
      address,
      '/lienthong.routing.v1.DocumentRoutingService/IssueDocument',
      IssueDocumentRequest.encode(IssueDocumentRequest.fromPartial({ ...CV, subject, requestId })).finish(),
    );
  const follow = (cursor = '') =>
    call(
      address,
      '/lienthong.feed.v1.FeedService/Follow',
      FollowRequest.encode(FollowRequest.fromPartial({ cursor, start: Start.OLDEST })).finish(),
      Number.POSITIVE_INFINITY,
    );
  expect((await issue('V/v gửi hai lần')).status).toBe('14');
  expect((await issue('V/v gửi hai lần')).status).toBe('0');
  expect((await issue('V/v không gửi lại')).status).toBe('14');
  const first = await follow();
  expect(first.status).toBe('14');
  expect(first.messages.map((one) => FollowResponse.decode(one).message?.$case)).toContain('event');
  await follow();
  expect(failed()).toEqual([
    'none on IssueDocument',
    '1 IssueDocument with another request_id: done twice; 1 IssueDocument not again: whether it was done is not known',
    '1 without a cursor: events are lost, or all come again; 1 not again: later events are not read',
  ]);
});

test('a refusal reaches the system through the line as it is', async () => {
  const { address, failed } = await line();
  const client = clientOf(address, platform.province);
  onTestFinished(() => client.close());
  await expect(client.routing.issueDocument({ type: 'CV' })).rejects.toMatchObject({
    violations: expect.arrayContaining([expect.objectContaining({ field: 'subject' })]),
  });
  expect(failed()).toEqual([]);
  await expect(client.uploadAttachment(Buffer.from('nội dung'))).resolves.toMatchObject({
    alreadyStored: false,
  });
});

test('a line to nobody, and an address that is none, are said', async () => {
  const between = (listen: string, address: string) => standBetween({ listen, address, plaintext: true });
  await expect(between('127.0.0.1:0', '127.0.0.1:9')).rejects.toMatchObject({ exit: 3 });
  await expect(between('đây', platform.running.address)).rejects.toMatchObject({ exit: 2 });
});

test('conformance documents looks at what the agency’s system reports', async () => {
  const token = join(folder, 'token');
  writeFileSync(token, await platform.tokenOf(platform.province, 'clerk'));
  const check = async (waitS: number) => {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      out += chunk;
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const connection = ['--address', platform.running.address, '--plaintext', '--token-file', token];
    const exit = await run([
      ...['conformance', 'documents', '--to', 'H61.1', '--wait', String(waitS), '--output', 'json'],
      ...connection,
    ]);
    vi.restoreAllMocks();
    return { exit, passed: (JSON.parse(out) as { passed: boolean }[]).map(({ passed }) => passed) };
  };
  // Nobody reports anything: what has not arrived is recalled without an answer.
  expect(await check(1)).toEqual({ exit: 1, passed: [false, false] });

  const client = clientOf(platform.running.address, platform.commune);
  const stopping = new AbortController();
  const system = (async () => {
    while (!stopping.signal.aborted) {
      for await (const { delivery } of client.inbox({ filter: { notYetArrived: true } })) {
        await client.routing.reportStatus({ deliveryId: delivery?.id, status: DeliveryStatus.ARRIVED });
        await client.routing.reportStatus({ deliveryId: delivery?.id, status: DeliveryStatus.ACCEPTED });
      }
      for await (const { delivery } of client.inbox({
        filter: { statuses: [DeliveryStatus.RECALL_REQUESTED] },
      }))
        await client.routing.reportStatus({ deliveryId: delivery?.id, status: DeliveryStatus.RECALL_AGREED });
      await wait(100);
    }
  })();
  try {
    expect(await check(60)).toEqual({ exit: 0, passed: [true, true, true] });
  } finally {
    stopping.abort();
    await system;
    client.close();
  }
});
