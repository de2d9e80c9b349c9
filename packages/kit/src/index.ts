export { type Caller, PLATFORM, POSITION_ROLES, ROLES, type Role } from './auth/caller.ts';
export type { CallerDirectory, Identity } from './auth/caller-directory.ts';
export type { AgencyName, Claims } from './auth/claims.ts';
export { type DevelopmentIssuer, developmentIssuer } from './auth/development-issuer.ts';
export {
  type IssuerSettings,
  readIssuers,
  TOKEN_AUDIENCE,
  type TrustedIssuer,
  trust,
} from './auth/issuer.ts';
export { discoveredKeys, type KeySet, keySet } from './auth/key-set.ts';
export { agencyRequired, type Policy } from './auth/policy.ts';
export { type TokenVerifier, tokenVerifier } from './auth/token.ts';
export {
  type Clock,
  instant,
  startOfVietnamDate,
  systemClock,
  VIETNAM,
  vietnamDate,
  vietnamTime,
} from './clock.ts';
export { baseSettings, readSettings } from './config.ts';
export * from './errors.ts';
export type { Context } from './grpc/context.ts';
export { MAX_MESSAGE_BYTES } from './grpc/edge.ts';
export { toServerError } from './grpc/errors.ts';
export {
  type Definition,
  type Method,
  type MethodOptions,
  methodsWith,
  type UnaryMethod,
} from './grpc/method.ts';
export type { Cut, Page } from './grpc/page.ts';
export type { CatchUp } from './grpc/read-your-writes.ts';
export { type Read, type ReadItem, type ReadLog, refuseUnrecorded } from './grpc/reads.ts';
export type { Codec } from './grpc/receive.ts';
export { type RpcService, rpcService } from './grpc/rpc-service.ts';
export { type GrpcServer, startGrpcServer } from './grpc/server.ts';
export { type HttpServerOptions, httpServer } from './http-server.ts';
export { uuidv7 } from './id.ts';
export { developmentKeys, keptSecret, type ParsedKeys, parseKeys } from './keys.ts';
export { addressBehind, addressOfCall } from './limits/address.ts';
export { type AdmissionLimits, createAdmission, principalOf } from './limits/admission.ts';
export { type AttemptingCall, type Attempts, createAttempts } from './limits/attempts.ts';
export { boundConnections, type ConnectionLimits } from './limits/connections.ts';
export { createRates, type Rate } from './limits/rates.ts';
export { type ConnectionSettings, connectionLimits, connectionSettings } from './limits/settings.ts';
export { createLog, type Logger } from './log.ts';
export {
  connectNats,
  inboxOf,
  type NatsAccess,
  natsOptions,
  natsSettings,
  readNatsAccess,
} from './nats.ts';
export { createPageTokens } from './page-tokens.ts';
export {
  type CheckResult,
  check,
  enumField,
  field,
  isAgencyCode,
  isDate,
  isSha256,
  isUuid,
  manyOf,
  parse,
  protoPath,
  reportUnder,
} from './parse.ts';
export { type Database, openDatabase, type Reader, type Sql, type Tx } from './postgres/database.ts';
export { isConnectionError, isRetryable, isUnavailable, isUniqueViolation } from './postgres/error-kinds.ts';
export { migrate } from './postgres/migrate.ts';
export {
  type Migration,
  type MigrationFile,
  type MigrationSet,
  migrationFiles,
  readMigration,
} from './postgres/migration-files.ts';
export { type PackedBytes, packBytes } from './postgres/packed-bytes.ts';
export { plainArray } from './postgres/plain-array.ts';
export { ownerOf, provision, roleOf, type ServiceRole } from './postgres/provision.ts';
export { type Parameters, parameters } from './postgres/sql-parts.ts';
export {
  type DatabaseAccess,
  migrateService,
  migrationsOf,
  type Running,
  type RunOptions,
  runMain,
  runServices,
} from './run.ts';
export { sealedReply, sealedReplyPlace } from './sealed-reply.ts';
export {
  createSealer,
  reseal,
  type Sealer,
  SealingError,
  sealingKeys,
  tryOpen,
} from './sealing.ts';
export {
  type Composed,
  defineService,
  type Service,
  type ServiceContext,
  type SharedRpc,
  schemaOf,
  type Worker,
} from './service.ts';
export { type Gauge, observeGauges, type Report } from './telemetry/observe.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry/start.ts';
export { annotate, type Story, storyAttributes } from './telemetry/story.ts';
export { characters, SEARCH_KEY_RULE, searchKey, searchWords, wordQuery } from './text.ts';
export { fingerprintOf } from './tls/client-certificates.ts';
export { createHttpServer, listenHttp } from './tls/http.ts';
export {
  isLoopback,
  type ListenTls,
  LOOPBACK_ONLY,
  openListenTls,
  parseListen,
  tlsSettings,
} from './tls/listen-tls.ts';
export { contactField, phoneFrom, readablePhone } from './values/contact.ts';
export {
  drawSecret,
  isSameDigest,
  reasonPlace,
  receiptField,
  toDigest,
  toTrackingDigest,
} from './values/receipt.ts';
export { PROGRAM_VERSION } from './version.ts';
export { type DueWorker, type DueWorkerOptions, dueWorker, type Run } from './work/due-worker.ts';
export { pause } from './work/pause.ts';
export { createThreads, type ThreadOptions, type Threads } from './work/threads.ts';
export { type Wakeup, wakeup } from './work/wakeup.ts';
