import { randomBytes } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { type Channel, createChannel, type ServiceImplementation } from 'nice-grpc';
import { onTestFinished } from 'vitest';
import {
  type CallInfo,
  createAdmission,
  createLog,
  createPageTokens,
  developmentIssuer,
  type GrpcServer,
  type Policy,
  type Principal,
  type RpcService,
  rpcModule,
  startGrpcServer,
  systemClock,
  tokenVerifier,
} from '../../src/index.ts';

type Routing = ServiceImplementation<typeof DocumentRoutingServiceDefinition, CallInfo>;
type Attachments = ServiceImplementation<typeof AttachmentServiceDefinition, CallInfo>;
type OperationsCalls = ServiceImplementation<typeof OperationsServiceDefinition, CallInfo>;

export interface Handlers {
  /** Answers `ReplayParkedEvents`, which the client tries once. */
  unary?: OperationsCalls['replayParkedEvents'];
  getDocument?: Routing['getDocument'];
  upload?: Attachments['uploadAttachment'];
  download?: Attachments['downloadAttachment'];
  policy?: Policy;
  costLimits?: Parameters<typeof createAdmission>[0];
  services?: readonly RpcService[];
}

export const issuer = await developmentIssuer();
export const clerk: Principal = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'officer-1',
  roles: ['clerk'],
};

const policiesOf = (definition: { methods: object }, policy: Policy) =>
  Object.fromEntries(Object.keys(definition.methods).map((name) => [name, policy])) as never;

function modulesOf({ unary, getDocument, upload, download, policy = 'authenticated' }: Handlers) {
  const missing = (definition: { methods: object }) =>
    Object.fromEntries(
      Object.keys(definition.methods).map((name) => [
        name,
        () => Promise.reject(new Error(`${name} is not in this test`)),
      ]),
    );
  const without = <T extends object>(handlers: T) =>
    Object.fromEntries(Object.entries(handlers).filter(([, handler]) => handler !== undefined));
  const module = <D extends { methods: object }>(definition: D, handlers: object) =>
    rpcModule(
      definition as never,
      { ...missing(definition), ...without(handlers) } as never,
      policiesOf(definition, policy),
    );
  return [
    module(OperationsServiceDefinition, { replayParkedEvents: unary }),
    module(DocumentRoutingServiceDefinition, { getDocument }),
    module(AttachmentServiceDefinition, { uploadAttachment: upload, downloadAttachment: download }),
  ];
}

export interface TestServer extends GrpcServer {
  client: AgencyClient;
  channel: Channel;
}

/** A server with the given handlers, a client of it as a clerk, and a bare channel; all end with the test. */
export async function serve(handlers: Handlers, log = createLog('kit-test', 'silent')): Promise<TestServer> {
  const deps = {
    clock: systemClock,
    log,
    admission: createAdmission(handlers.costLimits ?? { perProcess: 1_000, perCaller: 1_000 }),
    pageTokens: createPageTokens(randomBytes(32)),
  };
  const server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: (handlers.services ?? modulesOf(handlers)).map((service) => service.bind(deps)),
    descriptors: fileDescriptorSet(),
    verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
    log,
  });
  server.setServing(true);
  const channel = createChannel(server.address);
  const client = connectAs(server.address, clerk);
  onTestFinished(async () => {
    channel.close();
    await server.stop(0);
  });
  return Object.assign(server, { client, channel });
}

export function connectAs(address: string, who: Principal | string): AgencyClient {
  const token = typeof who === 'string' ? who : issuer.issue(who);
  const client = connectAgency({ address, token: async () => token, timeoutMs: 20_000 });
  onTestFinished(() => client.close());
  return client;
}
