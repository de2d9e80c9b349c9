import { randomBytes } from 'node:crypto';
import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { DossierImportServiceDefinition } from '@lienthong/contracts/casework';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { AgencyDirectoryServiceDefinition } from '@lienthong/contracts/directory';
import { FeedServiceDefinition } from '@lienthong/contracts/feed';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import {
  addressOfCall,
  type Caller,
  createAdmission,
  createLog,
  createPageTokens,
  developmentIssuer,
  type GrpcServer,
  LOOPBACK_ONLY,
  startGrpcServer,
  systemClock,
  tokenVerifier,
} from '@lienthong/kit';
import { believing, type StubHandlers, stubService } from '@lienthong/testkit';
import { expect, onTestFinished } from 'vitest';
import { type AgencyClient, type AgencyClientOptions, connectAgency, LienThongError } from '../src/index.ts';

export interface Handlers {
  directory?: StubHandlers<typeof AgencyDirectoryServiceDefinition>;
  routing?: StubHandlers<typeof DocumentRoutingServiceDefinition>;
  attachments?: StubHandlers<typeof AttachmentServiceDefinition>;
  audit?: StubHandlers<typeof AuditServiceDefinition>;
  imports?: StubHandlers<typeof DossierImportServiceDefinition>;
  feed?: StubHandlers<typeof FeedServiceDefinition>;
  operations?: StubHandlers<typeof OperationsServiceDefinition>;
}

const issuer = await developmentIssuer();
const clerk: Caller = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'officer-1',
  roles: ['clerk'],
};
export const clerksToken = () => issuer.issue(clerk);

const PRINCIPAL = { rate: { perSecond: 10_000, burst: 10_000 }, atOnce: 1_000, streams: 1_000 };
const log = createLog('client-test', 'silent');
const deps = {
  clock: systemClock,
  log,
  admission: createAdmission({
    perOfficer: PRINCIPAL,
    perAgency: PRINCIPAL,
    perAddress: PRINCIPAL,
    perProcess: 1_000,
  }),
  pageTokens: createPageTokens(randomBytes(32)),
  directory: believing,
};

/** A real gRPC server of the kit with the given handlers. */
export async function startPlatform(handlers: Handlers, listen = '127.0.0.1:0'): Promise<GrpcServer> {
  const server = await startGrpcServer({
    listen,
    tls: LOOPBACK_ONLY,
    services: [
      stubService(AgencyDirectoryServiceDefinition, handlers.directory),
      stubService(DocumentRoutingServiceDefinition, handlers.routing),
      stubService(AttachmentServiceDefinition, handlers.attachments),
      stubService(AuditServiceDefinition, handlers.audit),
      stubService(DossierImportServiceDefinition, handlers.imports),
      stubService(FeedServiceDefinition, handlers.feed),
      stubService(OperationsServiceDefinition, handlers.operations),
    ].map((service) => service.bind(deps)),
    descriptors: fileDescriptorSet(),
    verifyToken: tokenVerifier([issuer.trusted]),
    admission: deps.admission,
    addressOf: addressOfCall([]),
    connections: { perProcess: 1_000, perAddress: 1_000, trustedProxies: [] },
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
