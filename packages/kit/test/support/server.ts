import { randomBytes } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { believing, type StubHandlers, stubService } from '@lienthong/testkit';
import { type Channel, createChannel } from 'nice-grpc';
import { onTestFinished } from 'vitest';
import {
  type AdmissionLimits,
  addressOfCall,
  type Caller,
  type CallerDirectory,
  type CatchUp,
  type ConnectionLimits,
  createAdmission,
  createLog,
  createPageTokens,
  developmentIssuer,
  type GrpcServer,
  type ListenTls,
  LOOPBACK_ONLY,
  type Policy,
  type RpcService,
  startGrpcServer,
  systemClock,
  tokenVerifier,
} from '../../src/index.ts';

type Routing = StubHandlers<typeof DocumentRoutingServiceDefinition>;
type Attachments = StubHandlers<typeof AttachmentServiceDefinition>;
type OperationsCalls = StubHandlers<typeof OperationsServiceDefinition>;

export interface Handlers {
  /** Handles `ReplayParkedEvents`, which the client attempts once. */
  unary?: OperationsCalls['replayParkedEvents'];
  getDocument?: Routing['getDocument'];
  upload?: Attachments['uploadAttachment'];
  download?: Attachments['downloadAttachment'];
  policy?: Policy;
  /** Instead of limits that no test reaches. */
  limits?: Partial<AdmissionLimits>;
  trustedProxies?: readonly string[];
  certificateProxies?: readonly string[];
  connections?: Partial<ConnectionLimits>;
  services?: readonly RpcService[];
  catchUp?: CatchUp;
  directory?: CallerDirectory;
  tls?: ListenTls;
  /** host:port; a free port of this machine when absent. */
  listen?: string;
}

export const issuer = await developmentIssuer();
export const clerk: Caller = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'officer-1',
  roles: ['clerk'],
};

function stubsOf({ unary, getDocument, upload, download, policy }: Handlers): RpcService[] {
  return [
    stubService(OperationsServiceDefinition, { replayParkedEvents: unary }, { policy }),
    stubService(DocumentRoutingServiceDefinition, { getDocument }, { policy }),
    stubService(
      AttachmentServiceDefinition,
      { uploadAttachment: upload, downloadAttachment: download },
      { policy },
    ),
  ];
}

export const PRINCIPAL = { rate: { perSecond: 10_000, burst: 10_000 }, atOnce: 1_000, streams: 1_000 };
const WIDE: AdmissionLimits = {
  perOfficer: PRINCIPAL,
  perAgency: PRINCIPAL,
  perAddress: PRINCIPAL,
  perProcess: 1_000,
};

export interface TestServer extends GrpcServer {
  client: AgencyClient;
  channel: Channel;
}

/** A server with the given handlers, a client of it as a clerk, and a bare channel; all end with the test. */
export async function serve(handlers: Handlers, log = createLog('kit-test', 'silent')): Promise<TestServer> {
  const { trustedProxies = [] } = handlers;
  const deps = {
    clock: systemClock,
    log,
    admission: createAdmission({ ...WIDE, ...handlers.limits }),
    pageTokens: createPageTokens(randomBytes(32)),
    catchUp: handlers.catchUp,
    directory: handlers.directory ?? believing,
  };
  const server = await startGrpcServer({
    listen: handlers.listen ?? '127.0.0.1:0',
    tls: handlers.tls ?? LOOPBACK_ONLY,
    services: (handlers.services ?? stubsOf(handlers)).map((service) => service.bind(deps)),
    descriptors: fileDescriptorSet(),
    verifyToken: tokenVerifier([issuer.trusted]),
    admission: deps.admission,
    addressOf: addressOfCall(trustedProxies),
    connections: { perProcess: 1_000, perAddress: 1_000, trustedProxies, ...handlers.connections },
    certificateProxies: handlers.certificateProxies ?? [],
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

export function connectAs(address: string, caller: Caller | string): AgencyClient {
  const token = typeof caller === 'string' ? caller : issuer.issue(caller);
  const client = connectAgency({ address, token: async () => token, timeoutMs: 20_000 });
  onTestFinished(() => client.close());
  return client;
}
