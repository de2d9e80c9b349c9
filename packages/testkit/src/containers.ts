import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';

/** PostgreSQL 18 and NATS as containers, for machines with a Docker engine. */
export async function startContainers() {
  const password = randomBytes(12).toString('hex');
  const [postgres, nats] = await Promise.all([
    new GenericContainer('postgres:18')
      .withEnvironment({
        POSTGRES_PASSWORD: password,
        POSTGRES_DB: 'lienthong',
        POSTGRES_INITDB_ARGS: '--locale-provider=builtin --builtin-locale=C.UTF-8 --encoding=UTF8',
        TZ: 'UTC',
      })
      .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'shared_buffers=256MB', '-c', 'jit=off'])
      .withExposedPorts(5432)
      // The image starts a first server to initialise the data and says so, then the one to use.
      .withWaitStrategy(
        Wait.forAll([
          Wait.forLogMessage(/database system is ready to accept connections/, 2),
          Wait.forListeningPorts(),
        ]),
      )
      .start(),
    new GenericContainer('nats:2.10')
      .withCommand(['-js'])
      .withExposedPorts(4222)
      .withWaitStrategy(Wait.forAll([Wait.forLogMessage(/Server is ready/), Wait.forListeningPorts()]))
      .start(),
  ]);
  return {
    databaseUrl: `postgres://postgres:${password}@${postgres.getHost()}:${postgres.getMappedPort(5432)}/lienthong`,
    natsUrl: `nats://${nats.getHost()}:${nats.getMappedPort(4222)}`,
    async stop() {
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}
