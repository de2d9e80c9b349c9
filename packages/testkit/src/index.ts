export { childEnvironment, freePort } from '@lienthong/embedded';
export { believing, knowMadeUpCallers } from './callers.ts';
export { type Certificate, type CertificateOptions, certificate } from './certificate.ts';
export { type ChildProcesses, childProcesses } from './child-processes.ts';
export { type AxisEntry, type DocumentAxis, documentAxis, type Fault } from './document-axis.ts';
export { EVENT_KEYS } from './event-keys.ts';
export { type TestEventSource, testEventSource } from './event-source.ts';
export { type Ending, rawCaller, type StreamLimits } from './fuzz/call.ts';
export { fieldExists } from './fuzz/field-exists.ts';
export { type Known, randomMessage } from './fuzz/message.ts';
export { type DescField, type DescMethod, describeMethods } from './fuzz/methods.ts';
export { isText, type OneFieldRequest, oneFieldRequests } from './fuzz/one-field.ts';
export { type Random, randomFrom } from './fuzz/random.ts';
export { type WorstRequest, worstRequests } from './fuzz/worst.ts';
export { type Line, type LineOptions, openLine, type Way } from './line.ts';
export { LONGEST_TURN_MS, longestTurn, longestTurnAtBest, TRIES } from './longest-turn.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { type NatsCluster, natsCluster } from './nats-cluster.ts';
export { type CallRefusal, refusalOf, refusalsOf } from './refusal.ts';
export { type RpcClient, rpcClient } from './rpc-client.ts';
export { type RunningServices, runTestServices } from './running.ts';
export type { SharedServers } from './servers.ts';
export {
  type IssuedCertificate,
  type SigningAuthority,
  type Subject,
  signingAuthority,
} from './signing-authority.ts';
export { type StubHandlers, type StubOptions, stubService } from './stub-service.ts';
export { type CollectedSpan, type Collector, startCollector } from './telemetry/collector.ts';
export { scrape } from './telemetry/scrape.ts';
export {
  openTestDatabase,
  privateStack,
  sharedServers,
  type Template,
  type TestDatabase,
  type TestDatabaseOptions,
  type TestStack,
  testDatabase,
  testStack,
} from './test-stack.ts';
export {
  ADMIN,
  type TestCaller,
  type TestWorld,
  type TestWorldOptions,
  testWorld,
} from './test-world.ts';
export { type MigrationEffect, migrationsSince } from './upgrade/migrations-since.ts';
export { undeclared } from './upgrade/undeclared.ts';
