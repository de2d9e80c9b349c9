import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import pg from 'pg';
import { expect, test } from 'vitest';

/** What to do when a release of pg changes what src/postgres/flight.ts builds on. */
const why = (what: string) =>
  `pg ${installed} changed ${what}, which packages/kit/src/postgres/flight.ts uses. ` +
  'Adapt flight.ts, or take the way back in docs/adr/0015-inner-parts-of-pg-and-nats.md.';

const require = createRequire(import.meta.url);
const installed: string = require('pg/package.json').version;

test('pg is pinned to one exact version, which is the installed one', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(dependencies.pg, 'pin pg exactly: flight.ts uses its inner parts (docs/adr/0015)').toBe(installed);
});

/** Everything that a Query does with a connection, in order. */
function recordingConnection() {
  const calls: [method: string, argument?: unknown][] = [];
  const record = (method: string) => (argument?: unknown) => void calls.push([method, argument]);
  const methods = ['parse', 'bind', 'describe', 'execute', 'sync', 'flush', 'close', 'query'];
  return {
    calls,
    connection: {
      ...Object.fromEntries(methods.map((method) => [method, record(method)])),
      stream: { cork: record('cork'), uncork: record('uncork') },
      parsedStatements: {} as Record<string, string>,
      submittedNamedStatements: {} as Record<string, string>,
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the published type lacks what this test is about
type Newborn = any;
function newQuery(
  { name, text, values }: { name?: string; text: string; values?: unknown[] },
  callback?: (error: Error | null, result?: unknown) => void,
): Newborn {
  const query = new (pg.Query as Newborn)(text, values, callback);
  query.name = name;
  return query;
}
const names = (calls: readonly [string, unknown?][]) => calls.map(([method]) => method);

test('Query.prepare sends Parse, Bind, Describe, Execute, Sync, and records the name', () => {
  const { calls, connection } = recordingConnection();
  newQuery({ name: 'n', text: 'select $1::int', values: [1] }).prepare(connection);
  expect(names(calls), why('Query.prepare')).toEqual(['parse', 'bind', 'describe', 'execute', 'sync']);
  expect(connection.submittedNamedStatements, why('submittedNamedStatements')).toEqual({
    n: 'select $1::int',
  });
  calls.length = 0;
  connection.parsedStatements = { n: 'select $1::int' };
  connection.submittedNamedStatements = {};
  newQuery({ name: 'n', text: 'select $1::int', values: [1] }).prepare(connection);
  expect(names(calls), why('parsedStatements')).toEqual(['bind', 'describe', 'execute', 'sync']);
});

test('Query.prepare closes a statement whose values cannot be encoded, and reports the error', () => {
  const { calls, connection } = recordingConnection();
  const bind = () => {
    throw new Error('cannot be encoded');
  };
  const errors: unknown[] = [];
  newQuery({ name: 'n', text: 'select $1', values: [1] }, (error) => errors.push(error)).prepare({
    ...connection,
    bind,
  });
  expect(names(calls), why('Query.prepare')).toEqual(['parse', 'close', 'sync']);
  expect(errors, why('Query.handleError')).toMatchObject([{ message: 'cannot be encoded' }]);
});

test('the handlers of Query turn the server’s messages into a result', () => {
  const { connection } = recordingConnection();
  const replies: unknown[] = [];
  const query = newQuery({ text: 'select 1 as n' }, (error, result) => replies.push(error ?? result));
  expect(query._result, why('Query._result')).toHaveProperty('_types');
  query._result._types = { getTypeParser: () => Number };
  query.handleRowDescription({ fields: [{ name: 'n', dataTypeID: 23, format: 'text' }] });
  query.handleDataRow({ fields: ['1'] });
  query.handleCommandComplete({ text: 'SELECT 1' }, connection);
  query.handleReadyForQuery(connection);
  expect(replies, why('a handler of Query')).toMatchObject([{ rows: [{ n: 1 }], rowCount: 1 }]);
  const empty = newQuery({ text: '' }, () => {});
  expect(empty.handleEmptyQuery, why('Query.handleEmptyQuery')).toBeTypeOf('function');
  expect([empty.name, empty.text], why('Query.name or Query.text')).toEqual([undefined, '']);
});

test('a Query takes the shape of its rows from another one of the same statement', () => {
  const { connection } = recordingConnection();
  const described = newQuery({ text: 'select 1 as n' }, () => {});
  described._result._types = { getTypeParser: () => Number };
  described.handleRowDescription({ fields: [{ name: 'n', dataTypeID: 23, format: 'text' }] });
  expect(described._accumulateRows, why('Query._accumulateRows')).toBeTruthy();
  const { fields, _parsers, _prebuiltEmptyResultObject } = described._result;
  const replies: unknown[] = [];
  const query = newQuery({ text: 'select 1 as n' }, (error, result) => replies.push(error ?? result));
  Object.assign(query._result, { fields, _parsers, _prebuiltEmptyResultObject });
  query._accumulateRows = true;
  for (const row of ['1', '2']) query.handleDataRow({ fields: [row] });
  query.handleCommandComplete({ text: 'SELECT 2' }, connection);
  query.handleReadyForQuery(connection);
  expect(replies, why('Result.parseRow')).toMatchObject([{ rows: [{ n: 1 }, { n: 2 }], rowCount: 2 }]);
});

test('a pipelining client gives the query whose turn it is the server’s messages', () => {
  const parts = pg.Client.prototype as unknown as Record<string, unknown>;
  for (const message of ['RowDescription', 'DataRow', 'CommandComplete', 'EmptyQuery', 'ParseComplete'])
    expect(parts[`_handle${message}`], why(`Client._handle${message}`)).toBeTypeOf('function');
  const active = { name: 'n', text: 'select 1' };
  const connection = { parsedStatements: {}, submittedNamedStatements: { n: 'select 1' } };
  const client = { _getActiveQuery: () => active, connection };
  (parts._handleParseComplete as () => void).call(client);
  expect(connection, why('Client._handleParseComplete')).toEqual({
    parsedStatements: { n: 'select 1' },
    submittedNamedStatements: {},
  });
});
