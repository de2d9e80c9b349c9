import { openLine, type TestDatabase, testDatabase } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Database,
  isConnectionError,
  isRetryable,
  isUnavailable,
  isUniqueViolation,
  migrate,
  openDatabase,
  refuse,
  type Sql,
  type Tx,
} from '../src/index.ts';

const folder = new URL('migrations/first/', import.meta.url);
const insert = (id: number, body = `note ${id}`) => ({
  name: 'insert-note',
  text: 'insert into note (id, body) values ($1, $2)',
  values: [id, body],
});
const boom = new Error('boom');

let made: TestDatabase;
let db: Database;
const lost: Error[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  const template = {
    name: 'kit notes',
    migrate: async (url: string) => void (await migrate(url, 'notes', [{ name: 'first', folder }])),
  };
  made = await testDatabase({ template });
  db = openDatabase({
    url: made.databaseUrl,
    schema: 'notes',
    connections: 2,
    onError: (error) => lost.push(error),
  });
});
afterAll(async () => {
  await db.close();
  await made.drop();
  process.off('unhandledRejection', onUnhandled);
});
beforeEach(async () => void (await db.query({ text: 'delete from note' })));
afterEach(async () => {
  // A rejection counts as unhandled only once the current turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

const ids = async () =>
  (await db.query<{ id: number }>({ text: 'select id from note order by id' })).map(({ id }) => id);
const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it must fail'),
    (error: unknown) => error,
  );
const pid = async (tx: Tx) =>
  (await tx.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' }))[0]?.pid;
const kill = (backend: number | undefined) =>
  db.query({ text: 'select pg_terminate_backend($1, 5000)', values: [backend] });

describe('a transaction', () => {
  test('keeps everything when it succeeds, and gives what it returns', async () => {
    const value = await db.transaction(async (tx) => {
      tx.send(insert(1));
      tx.send(insert(2));
      const seen = await tx.query<{ n: number }>({ text: 'select count(*)::int as n from note' });
      tx.send(insert(3));
      return seen[0]?.n;
    });
    expect(value).toBe(2);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('keeps nothing when its function fails, and gives that error', async () => {
    const refusal = () =>
      db.transaction(async (tx) => {
        tx.send(insert(1));
        await tx.query(insert(2));
        return refuse({ kind: 'not-found', reason: 'NONE', message: 'none' });
      });
    expect(await errorOf(refusal())).toMatchObject({ refusal: { reason: 'NONE' } });
    const before = db.transaction((tx) => {
      tx.send(insert(1));
      throw boom;
    });
    expect(await errorOf(before)).toBe(boom);
    expect(await ids()).toEqual([]);
  });

  test('fails with the first error of what was sent, and keeps nothing', async () => {
    const sent = db.transaction(async (tx) => {
      tx.send(insert(1));
      tx.send(insert(1));
      tx.send(insert(2));
    });
    expect(isUniqueViolation(await errorOf(sent))).toBe(true);
    const behind = db.transaction(async (tx) => {
      tx.send(insert(1));
      tx.send({ text: 'select 1 / 0' });
      await tx.query(insert(2));
    });
    expect(await errorOf(behind)).toMatchObject({ code: '22012' });
    expect(await ids()).toEqual([]);
  });

  test('that went on after a failed statement keeps nothing', async () => {
    const swallowed = db.transaction(async (tx) => {
      await tx.query(insert(1));
      await tx.query(insert(1)).catch(() => {});
      tx.send(insert(2));
      return 'fine';
    });
    expect(isUniqueViolation(await errorOf(swallowed))).toBe(true);
    expect(await ids()).toEqual([]);
  });

  test('fails when it is only the commit that fails', async () => {
    const deferred = db.transaction(async (tx) => {
      await tx.query({
        text: 'create temporary table late (id int primary key, up int references late deferrable initially deferred)',
      });
      tx.send({ text: 'insert into late values (1, 2)' });
    });
    expect(await errorOf(deferred)).toMatchObject({ code: '23503' });
    expect(await db.transaction(async (tx) => void tx.send(insert(1)))).toBeUndefined();
  });

  test('with a value that cannot be sent keeps nothing, and its connection goes on', async () => {
    const one = await openLine(made.databaseUrl, { record: true });
    const alone = openDatabase({ url: one.url, schema: 'notes', connections: 1, onError: () => {} });
    const noted = (id: number, body: unknown) => ({
      name: 'noted',
      text: 'insert into note (id, body) values ($1, $2)',
      values: [id, body],
    });
    for (const bad of [{ n: 1n }, { n: 2n }]) {
      const failed = alone.transaction(async (tx) => {
        tx.send(noted(1, 'before'));
        tx.send(noted(2, bad));
        tx.send(noted(3, 'after'));
      });
      expect(await errorOf(failed)).toBeInstanceOf(TypeError);
      expect(await ids()).toEqual([]);
    }
    await alone.transaction(async (tx) => void tx.send(noted(4, 'good')));
    expect(await ids()).toEqual([4]);
    await alone.close();
    await one.close();
  });

  test('refuses a second statement under a name that is taken', async () => {
    const twice = db.transaction(async (tx) => {
      tx.send(insert(1));
      tx.send({ ...insert(2), text: 'insert into note (id, body) values ($1, upper($2))' });
    });
    expect(String(await errorOf(twice))).toContain('two statements have the name insert-note');
    await db.transaction(async (tx) => void tx.send(insert(3)));
    expect(await ids()).toEqual([3]);
  });

  test('passes over what follows a failed statement, which can be prepared again later', async () => {
    const alone = openDatabase({ url: made.databaseUrl, schema: 'notes', connections: 1, onError: () => {} });
    const named = (id: number): Sql => ({ ...insert(id), name: `insert ${id}` });
    const failed = alone.transaction(async (tx) => {
      tx.send(named(1));
      tx.send({ ...named(1), name: 'again' });
      tx.send(named(2));
      await tx.query(named(3));
    });
    expect(isUniqueViolation(await errorOf(failed))).toBe(true);
    await alone.transaction(async (tx) => {
      for (const id of [1, 2, 3]) tx.send(named(id));
      expect(await tx.query({ ...insert(4), name: 'again' })).toEqual([]);
    });
    expect(await ids()).toEqual([1, 2, 3, 4]);
    await alone.close();
  });

  test('gives its connection back clean however it ended', async () => {
    for (let n = 0; n < 10; n++) {
      await errorOf(
        db.transaction(async (tx) => {
          tx.send(insert(n));
          if (n % 2) throw boom;
          await tx.query({ text: 'select 1 / 0' });
        }),
      );
    }
    await db.query(insert(1));
    expect(await ids()).toEqual([1]);
  });

  test('takes nothing more once it is over', async () => {
    let after: Tx | undefined;
    const late = Promise.withResolvers<void>();
    const straggler = late.promise.then(() => after?.query(insert(1)));
    await errorOf(
      db.transaction(async (tx) => {
        after = tx;
        throw boom;
      }),
    );
    late.resolve();
    await expect(straggler).rejects.toThrow('the transaction is over');
    await db.transaction(async (tx) => {
      after = tx;
    });
    expect(() => after?.send(insert(1))).toThrow('the transaction is over');
    expect(await ids()).toEqual([]);
  });

  test('sends its statements without waiting for the answers in between', async () => {
    const line = await openLine(made.databaseUrl, { record: true });
    const far = openDatabase({ url: line.url, schema: 'notes', connections: 1, onError: () => {} });
    await far.query(insert(0));
    const syncs = () => line.sent().split('S\0\0\0\x04').length;
    const before = syncs();
    line.stall('back');
    const done = far.transaction(async (tx) => {
      for (const id of [1, 2, 3])
        tx.send({ text: `insert into note (id, body) values (${id}, 'unheard ${id}')` });
    });
    // The server's answers are held back, and still everything has left, the commit included.
    await vi.waitFor(() => expect(line.sent()).toMatch(/begin.*unheard 1.*unheard 2.*unheard 3.*commit/s));
    // One Sync makes PostgreSQL send all its replies.
    expect(syncs()).toBe(before + 1);
    line.release();
    await done;
    expect(await ids()).toEqual([0, 1, 2, 3]);
    await far.close();
    await line.close();
  });
});

test('a prepared statement is described once for each connection', async () => {
  const line = await openLine(made.databaseUrl, { record: true });
  const far = openDatabase({ url: line.url, schema: 'notes', connections: 1, onError: () => {} });
  const bodies = (tx: Tx) =>
    tx.query<{ id: number; body: string }>({
      name: 'bodies',
      text: 'select id, body from note where id > $1 order by id',
      values: [0],
    });
  const described = () => line.sent().split('D\0\0\0\x06P\0').length - 1;
  await far.query(insert(1));
  const before = described();
  for (let n = 0; n < 3; n += 1)
    expect(await far.transaction((tx) => bodies(tx))).toEqual([{ id: 1, body: 'note 1' }]);
  // Twice in one flight, and with other rows.
  await far.transaction(async (tx) => {
    tx.send(insert(2));
    const [first, second] = await Promise.all([bodies(tx), bodies(tx)]);
    expect(second).toEqual(first);
    expect(first?.map(({ id }) => id)).toEqual([1, 2]);
  });
  expect(described()).toBe(before + 1);
  // A statement whose rows become others is refused, not read wrongly.
  await far.query({ text: 'alter table note alter column body type varchar(99)' });
  const error = await errorOf(far.transaction((tx) => bodies(tx)));
  expect((error as Error).message).toContain('cached plan must not change result type');
  await far.query({ text: 'alter table note alter column body type text' });
  await far.close();
  await line.close();
});

describe('a connection that is killed', () => {
  test('while a statement runs is a connection error, and the next transaction works', async () => {
    let backend: number | undefined;
    const failing = db.transaction(async (tx) => {
      backend = await pid(tx);
      tx.send(insert(1));
      await tx.query({ text: 'select pg_sleep(60)' });
    });
    const error = errorOf(failing);
    while (backend === undefined) await new Promise((resolve) => setImmediate(resolve));
    await kill(backend);
    expect(isConnectionError(await error)).toBe(true);
    expect(await ids()).toEqual([]);
    await Promise.all([1, 2, 3, 4].map((id) => db.transaction(async (tx) => tx.send(insert(id)))));
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test('between statements is a connection error at the next one, whether sent or awaited', async () => {
    for (const next of [
      (tx: Tx) => tx.query(insert(2)),
      async (tx: Tx) => tx.send(insert(2)),
      async () => 'nothing',
    ]) {
      const failing = db.transaction(async (tx) => {
        tx.send(insert(1));
        await kill(await pid(tx));
        await next(tx);
      });
      expect(isConnectionError(await errorOf(failing))).toBe(true);
      expect(await ids()).toEqual([]);
    }
  });

  test('does not hide what the function failed with', async () => {
    const failing = db.transaction(async (tx) => {
      await kill(await pid(tx));
      throw boom;
    });
    expect(await errorOf(failing)).toBe(boom);
    await db.query(insert(1));
    expect(await ids()).toEqual([1]);
  });

  test('while idle is reported, and replaced', async () => {
    const client = await db.connect();
    const before = lost.length;
    const idle = await db.transaction((tx) => pid(tx));
    await client.query('select pg_terminate_backend($1, 5000)', [idle]);
    expect(await db.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
    while (lost.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(lost.slice(before).every(isConnectionError)).toBe(true);
    await client.end();
  });
});

test('dates stay calendar dates and whole numbers stay numbers; what does not fit is refused', async () => {
  await db.query({
    text: 'insert into note (id, body, on_date, amount) values ($1, $2, $3, $4)',
    values: [1, 'x', '2017-03-06', Number.MAX_SAFE_INTEGER],
  });
  const select = { text: 'select on_date, amount from note' };
  expect(await db.query(select)).toEqual([{ on_date: '2017-03-06', amount: Number.MAX_SAFE_INTEGER }]);
  await db.query({ text: 'update note set amount = amount + 1' });
  await expect(db.query(select)).rejects.toThrow('does not fit');
});

test('the schema comes first on the search path', async () => {
  expect(await db.query({ text: 'select current_schemas(false)::text as path' })).toEqual([
    { path: '{notes,public}' },
  ]);
});

describe('errors are distinguished', () => {
  test.each(['08006', '53300', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN'])(
    '%s is a lost connection',
    (code) => expect(isConnectionError(Object.assign(new Error('x'), { code }))).toBe(true),
  );
  test.each(['23505', '40001', '25P02', '57014', '42P01', 'ENOENT'])('%s is not', (code) =>
    expect(isConnectionError(Object.assign(new Error('x'), { code }))).toBe(false),
  );
  test.each(['53000', '53100', '53200', '53300', '53400', '58030', '25006', '08006', 'EPIPE'])(
    '%s is a server that cannot serve now',
    (code) => expect(isUnavailable(Object.assign(new Error('x'), { code }))).toBe(true),
  );
  test.each(['23505', '40P01', '57014', '58P01', '25P02', '54000'])('%s is not', (code) =>
    expect(isUnavailable(Object.assign(new Error('x'), { code }))).toBe(false),
  );
  test('nothing, a text and a plain error are not', () => {
    for (const error of [undefined, null, 'x', new Error('x')]) {
      expect(isConnectionError(error)).toBe(false);
      expect(isUnavailable(error)).toBe(false);
    }
    expect(isRetryable(undefined)).toBe(false);
    expect(isUniqueViolation(null)).toBe(false);
  });
  test('a server that is not there is', async () => {
    const away = openDatabase({
      url: 'postgres://nobody@127.0.0.1:1/none',
      schema: 'notes',
      connections: 1,
      onError: () => {},
    });
    expect(isConnectionError(await errorOf(away.query({ text: 'select 1' })))).toBe(true);
    expect(isConnectionError(await errorOf(away.transaction(async () => {})))).toBe(true);
    expect(isConnectionError(await errorOf(away.connect()))).toBe(true);
    await away.close();
  });
});

test('a lazy transaction is one of its own: the connection commits durably again after it', async () => {
  const setting = async (lazy: boolean) =>
    db.transaction(
      async (tx) => {
        const [row] = await tx.query<{ value: string }>({
          text: "select current_setting('synchronous_commit') as value",
        });
        return row?.value;
      },
      { lazy },
    );
  expect([await setting(true), await setting(false), await setting(true)]).toEqual(['off', 'on', 'off']);
});

test('arrays of texts arrive as they are, whatever is in them', async () => {
  const texts = [
    '',
    'null',
    'NULL',
    ' a b ',
    '{},"',
    '\\',
    '\\\\"x\\',
    'a\nb\tc',
    'Ủy ban nhân dân xã Ea H’leo',
    "o'clock",
  ];
  const given = [...texts, null, ...texts.map((text) => text + text)];
  const same = {
    text: 'select $1::text[] as a, $2::text[] as b, $3::int[] as c',
    values: [given, [], [1, null, 2]],
  };
  expect(await db.query(same)).toEqual([{ a: given, b: [], c: [1, null, 2] }]);
});
