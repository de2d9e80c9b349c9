import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { endWithParent } from '@lienthong/embedded';
import pg from 'pg';

// A server whose calls are workflows of DBOS: the request's key is the workflow's id, so that a repeated call runs once.

interface Dbos {
  setConfig(config: { name: string; systemDatabaseUrl: string; logLevel: string }): void;
  launch(): Promise<void>;
  registerWorkflow<A extends unknown[], R>(
    run: (...args: A) => Promise<R>,
    config: { name: string },
  ): (...args: A) => Promise<R>;
  runStep<R>(run: () => Promise<R>, config: { name: string }): Promise<R>;
  withNextWorkflowID<R>(id: string, run: () => Promise<R>): Promise<R>;
}

endWithParent();
const url = process.env.PEER_DATABASE_URL as string;
const { DBOS }: { DBOS: Dbos } = createRequire(process.env.PEER_MODULES as string)('@dbos-inc/dbos-sdk');
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error' });

const pool = new pg.Pool({ connectionString: url, max: 16 });

/** A statement that changes one case; repeated, it changes nothing more. */
const step = (name: string, text: string, values: unknown[]) =>
  DBOS.runStep(
    async () => {
      await pool.query({ name, text, values });
    },
    { name },
  );
const open = DBOS.registerWorkflow(
  (id: string, { applicant }: { applicant: string }) =>
    step('open', 'insert into cases (id, applicant) values ($1, $2) on conflict do nothing', [id, applicant]),
  { name: 'open' },
);
const complete = DBOS.registerWorkflow(
  (id: string, { task, outcome }: { task: number; outcome: string }) =>
    step('complete', `update cases set done = done || jsonb_build_object($2::text, $3::text) where id = $1`, [
      id,
      task,
      outcome,
    ]),
  { name: 'complete' },
);

// DBOS creates the database when it is absent.
await DBOS.launch();
await pool.query(
  `create table cases (id uuid primary key, applicant text not null, done jsonb not null default '{}')`,
);

async function carryOut(request: IncomingMessage): Promise<void> {
  const [, command, id] = (request.url ?? '').split('/') as [string, string, string];
  const body = await json(request);
  const workflow = command === 'open' ? open : complete;
  await DBOS.withNextWorkflowID(request.headers['idempotency-key'] as string, () =>
    workflow(id, body as never),
  );
}

const server = createServer((request, response) => {
  carryOut(request).then(
    () => response.end('{}'),
    (error) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(0, '127.0.0.1', () =>
  console.log(`listens 127.0.0.1:${(server.address() as AddressInfo).port}`),
);
