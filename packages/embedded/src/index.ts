export { childEnvironment } from './config.ts';
export { endWithParent } from './end-with-parent.ts';
export { freePort } from './free-port.ts';
export type { ManagedServer } from './managed-server.ts';
export { type Nats, type NatsOptions, type NatsUser, startNats } from './nats.ts';
export { type FindOptions, findNatsServer, type NatsBinary } from './nats-binary/find.ts';
export { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';
export { isAlive, waitForExit } from './processes.ts';
export { type Stack, type StackOptions, startStack, stopOrphans } from './stack.ts';
