import { randomBytes } from 'node:crypto';
import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { AgencyDirectoryServiceDefinition } from '@lienthong/contracts/directory';
import { FeedServiceDefinition } from '@lienthong/contracts/feed';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import {
  type CallInfo,
  createAdmission,
  createLog,
  createPageTokens,
  developmentIssuer,
  type GrpcServer,
  type Principal,
  type RpcService,
  refuse,
  rpcModule,
  startGrpcServer,
  systemClock,
  tokenVerifier,
} from '@lienthong/kit';
import type { CompatServiceDefinition, ServiceImplementation } from 'nice-grpc';
import { expect, onTestFinished } from 'vitest';
import { type AgencyClient, type AgencyClientOptions, connectAgency, LienThongError } from '../src/index.ts';

type Some<D extends CompatServiceDefinition> = Partial<ServiceImplementation<D, CallInfo>>;

export interface Handlers {
  directory?: Some<typeof AgencyDirectoryServiceDefinition>;
  routing?: Some<typeof DocumentRoutingServiceDefinition>;
  attachments?: Some<typeof AttachmentServiceDefinition>;
  audit?: Some<typeof AuditServiceDefinition>;
  feed?: Some<typeof FeedServiceDefinition>;
  operations?: Some<typeof OperationsServiceDefinition>;
}

/** A module with some of a service's methods; the others refuse. */
function moduleOf<D extends CompatServiceDefinition & { methods: object }>(
  definition: D,
  some: Some<D> = {},
): RpcService {
  const names = Object.keys(definition.methods);
  const missing = () =>
    refuse({ kind: 'failed-precondition', reason: 'NOT_IN_THIS_TEST', message: 'not in this test' });
  const all = Object.fromEntries(names.map((name) => [name, missing]));
  return rpcModule(
    definition,
    { ...all, ...some } as ServiceImplementation<D, CallInfo>,
    Object.fromEntries(names.map((name) => [name, 'authenticated'])) as never,
  );
}

const issuer = await developmentIssuer();
const clerk: Principal = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'officer-1',
  roles: ['clerk'],
};
export const clerksToken = () => issuer.issue(clerk);

const log = createLog('client-test', 'silent');
const deps = {
  clock: systemClock,
  log,
  admission: createAdmission({ perProcess: 1_000, perCaller: 1_000 }),
  pageTokens: createPageTokens(randomBytes(32)),
};

/** A real gRPC server of the kit with the given handlers. */
export async function startPlatform(handlers: Handlers, listen = '127.0.0.1:0'): Promise<GrpcServer> {
  const server = await startGrpcServer({
    listen,
    services: [
      moduleOf(AgencyDirectoryServiceDefinition, handlers.directory),
      moduleOf(DocumentRoutingServiceDefinition, handlers.routing),
      moduleOf(AttachmentServiceDefinition, handlers.attachments),
      moduleOf(AuditServiceDefinition, handlers.audit),
      moduleOf(FeedServiceDefinition, handlers.feed),
      moduleOf(OperationsServiceDefinition, handlers.operations),
    ].map((service) => service.bind(deps)),
    descriptors: fileDescriptorSet(),
    verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
    log,
  });
  server.setServing(true);
  onTestFinished(() => server.stop(0));
  return server;
}

/** A client that ends with the test. */
export function connect(address: string, options: Partial<AgencyClientOptions> = {}): AgencyClient {
  const client = connectAgency({ address, token: clerksToken, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A platform with the given handlers and a client of it. */
export async function platform(
  handlers: Handlers,
  options?: Partial<AgencyClientOptions>,
): Promise<AgencyClient> {
  return connect((await startPlatform(handlers)).address, options);
}

/** The error a call fails with. */
export const failure = async (promise: Promise<unknown>): Promise<LienThongError> => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(LienThongError);
  return error as LienThongError;
};
