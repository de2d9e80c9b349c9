import { Status } from '@lienthong/client';
import {
  type Block,
  type DeepPartial,
  ProcedureRegistryServiceDefinition,
} from '@lienthong/contracts/registry';
import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { stubService } from '@lienthong/testkit';
import { createClientFactory, Metadata } from 'nice-grpc';
import { ErrorInfo, errorDetailsClientMiddleware, RichClientError } from 'nice-grpc-error-details';
import { expect, test } from 'vitest';
import { memoryLog } from './support/log.ts';
import { clerk, connectAs, issuer, serve } from './support/server.ts';

const { methods: routing } = DocumentRoutingServiceDefinition;
const { methods: attachments } = AttachmentServiceDefinition;

/** The same service, its requests sent as the bytes they are. */
const raw = { encode: (bytes: Uint8Array) => ({ finish: () => bytes }) };
const rawRouting = {
  ...DocumentRoutingServiceDefinition,
  methods: {
    getDocument: { ...routing.getDocument, requestType: { ...raw, decode: () => new Uint8Array() } },
  },
} as const;
const rawAttachments = {
  ...AttachmentServiceDefinition,
  methods: {
    uploadAttachment: {
      ...attachments.uploadAttachment,
      requestType: { ...raw, decode: () => new Uint8Array() },
    },
  },
} as const;

const garbage = Uint8Array.from({ length: 64 }, () => 0xff);
const aClerk = async () => ({ metadata: Metadata({ authorization: `Bearer ${await issuer.issue(clerk)}` }) });
const rich = () => createClientFactory().use(errorDetailsClientMiddleware);

async function errorOf(
  call: Promise<unknown>,
): Promise<{ code: Status; reason: string | undefined; text: string }> {
  const error: unknown = await call.then(
    () => expect.unreachable('the call was answered'),
    (error) => error,
  );
  if (!(error instanceof RichClientError)) throw error;
  const info = error.extra.find((one) => one.$type === ErrorInfo.$type);
  return { code: error.code, reason: (info as ErrorInfo | undefined)?.reason, text: error.details };
}

const malformed = {
  code: Status.INVALID_ARGUMENT,
  reason: 'REQUEST_MALFORMED',
  text: expect.stringContaining('100 levels'),
};

test('bytes that are not a message are refused, and log no error', async () => {
  const { log, lines } = memoryLog();
  let handled = 0;
  const { channel } = await serve(
    {
      getDocument: async () => {
        handled += 1;
        return {};
      },
    },
    log,
  );
  const client = rich().create(rawRouting, channel);
  for (const bytes of [garbage, Uint8Array.of(0x0a, 0x7f), Uint8Array.of(0x0f)])
    expect(await errorOf(client.getDocument(bytes, await aClerk()))).toEqual(malformed);
  expect(handled).toBe(0);
  expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  await client.getDocument(new Uint8Array(), await aClerk());
  expect(handled).toBe(1);
});

test('a missing token is refused before a malformed message', async () => {
  const { channel } = await serve({ getDocument: async () => ({}) });
  const { code } = await errorOf(rich().create(rawRouting, channel).getDocument(garbage));
  expect(code).toBe(Status.UNAUTHENTICATED);
});

test('one malformed message in a stream ends it', async () => {
  let received = 0;
  const { channel } = await serve({
    async upload(request) {
      for await (const _ of request) received += 1;
      return {};
    },
  });
  const chunk = attachments.uploadAttachment.requestType
    .encode({ content: { $case: 'chunk', value: new Uint8Array(10) } })
    .finish();
  const messages = async function* () {
    yield chunk;
    yield garbage;
    yield chunk;
  };
  const client = rich().create(rawAttachments, channel);
  expect(await errorOf(client.uploadAttachment(messages(), await aClerk()))).toEqual(malformed);
  expect(received).toBe(1);
});

test('a request nested too deep for the decoder is refused, one level less is not', async () => {
  const nested = (levels: number): DeepPartial<Block> =>
    levels === 0
      ? { key: 'inmost' }
      : { block: { $case: 'sequence', value: { blocks: [nested(levels - 1)] } } };
  const services = [stubService(ProcedureRegistryServiceDefinition, { draftProcedure: async () => ({}) })];
  const server = await serve({ services });
  const { procedures } = connectAs(server.address, clerk);
  // Request, definition and workflow, then two messages for each sequence and one for the inmost block.
  const draft = (levels: number) =>
    procedures.draftProcedure({ definition: { workflow: { root: nested(levels) } } });
  await expect(draft(48)).resolves.toBeDefined();
  for (const levels of [49, 1_000])
    await expect(draft(levels)).rejects.toMatchObject({ code: malformed.code, reason: malformed.reason });
});
