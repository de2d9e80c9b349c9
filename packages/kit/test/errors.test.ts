import { LienThongError, Status } from '@lienthong/client';
import { ServerError } from 'nice-grpc';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type ErrorKind, invalid, MAX_MESSAGE_BYTES, parse, refuse } from '../src/index.ts';
import { memoryLog } from './support/log.ts';
import { type Handlers, serve } from './support/server.ts';

const call = { service: 'routing', consumer: 'inbox' };

/** The error that a caller gets when the handler throws this. */
async function errorOf(error: unknown, log?: Parameters<typeof serve>[1]): Promise<LienThongError> {
  const throwing: Handlers['unary'] = () => {
    throw error;
  };
  const { client } = await serve({ unary: throwing }, log);
  const caught: unknown = await client.operations.replayParkedEvents(call).catch((caught) => caught);
  expect(caught).toBeInstanceOf(LienThongError);
  return caught as LienThongError;
}

async function refusedWith(...refusal: Parameters<typeof refuse>): Promise<LienThongError> {
  try {
    return refuse(...refusal);
  } catch (error) {
    return errorOf(error);
  }
}

describe('a refusal', () => {
  const statuses: Record<ErrorKind, Status> = {
    'invalid-argument': Status.INVALID_ARGUMENT,
    unauthenticated: Status.UNAUTHENTICATED,
    'permission-denied': Status.PERMISSION_DENIED,
    'not-found': Status.NOT_FOUND,
    'already-exists': Status.ALREADY_EXISTS,
    'failed-precondition': Status.FAILED_PRECONDITION,
    'out-of-range': Status.OUT_OF_RANGE,
    'resource-exhausted': Status.RESOURCE_EXHAUSTED,
    aborted: Status.ABORTED,
    unavailable: Status.UNAVAILABLE,
  };
  test.each(Object.entries(statuses))('of kind %s has a status of its own', async (kind, code) => {
    const error = await refusedWith({ kind: kind as ErrorKind, reason: 'A_REASON', message: 'làm lại' });
    expect(error).toMatchObject({ code, reason: 'A_REASON', details: 'làm lại', violations: [] });
    expect(error.retryAfterMs).toBeUndefined();
  });

  test('carries its metadata, violations and delay; its cause is not sent', async () => {
    const violations = [
      { field: 'recipients[3].code', description: 'mã không hợp lệ', reason: 'CODE_INVALID' },
      { field: 'subject', description: 'must not be empty' },
    ];
    const error = await refusedWith(
      {
        kind: 'invalid-argument',
        reason: 'FIELD_INVALID',
        message: 'hai chỗ sai',
        violations,
        metadata: { agency: 'H61' },
        retryAfterMs: 1_250.5,
      },
      { cause: new Error('password=hunter2') },
    );
    expect(error.violations).toEqual([violations[0], { ...violations[1], reason: '' }]);
    expect(error.metadata).toEqual({ agency: 'H61' });
    expect(error.retryAfterMs).toBe(1_250.5);
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  test('with very many violations sends as many as fit a header, and its message says how many there are', async () => {
    const request = { recipients: Array.from({ length: 5_000 }, () => 'x') };
    const schema = z.object({ recipients: z.array(z.string().min(2, 'is too short')) });
    const error = await errorOf(
      (() => {
        try {
          return parse(schema, request);
        } catch (error) {
          return error;
        }
      })(),
    );
    expect(error.violations).toHaveLength(40);
    expect(error.violations[39]).toEqual({
      field: 'recipients[39]',
      description: 'is too short',
      reason: 'TOO_SMALL',
    });
    expect(error.details).toBe(
      'recipients[0]: is too short; recipients[1]: is too short; recipients[2]: is too short (and 4997 more)',
    );
  });

  test('with long violations stays within the header limit of 8 KiB', async () => {
    const violations = Array.from({ length: 40 }, (_, i) => ({
      field: `parts[${i}]`,
      description: 'Ủy ban nhân dân xã '.repeat(20),
    }));
    const error = await refusedWith({ ...invalid(violations), message: 'too long' });
    expect(error.violations.length).toBeGreaterThan(3);
    expect(Buffer.byteLength(JSON.stringify(error.violations))).toBeLessThan(6 * 1024);
  });

  test.each(['x', 'ế', '👍'])(
    'whose message a caller has made long with "%s" still arrives',
    async (character) => {
      const violations = Array.from({ length: 40 }, (_, i) => ({
        field: `data.${character.repeat(1_000)}`,
        description: `${i} ${character.repeat(1_000)}`,
      }));
      const refusal = { ...invalid(violations), violations, message: character.repeat(100_000) };
      const error = await refusedWith(refusal);
      expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT, reason: 'FIELD_INVALID' });
      expect(error.details).toMatch(new RegExp(`^(${character})+…$`, 'u'));
      expect(error.violations[0]?.field.length).toBeLessThan(202);
    },
  );

  test('whose metadata a caller has made long still arrives', async () => {
    const metadata = { places: '1,'.repeat(50_000) };
    const error = await refusedWith({ kind: 'not-found', reason: 'NONE', message: 'none', metadata });
    expect(error).toMatchObject({ reason: 'NONE', metadata: { places: expect.stringMatching(/^[1,]+…$/) } });
  });

  test('whose text was cut through a character still arrives', async () => {
    const error = await refusedWith({ kind: 'not-found', reason: 'NONE', message: 'hết \ud83d' });
    expect(error).toMatchObject({ code: Status.NOT_FOUND, reason: 'NONE', details: 'hết \ufffd' });
  });
});

describe('an unexpected error', () => {
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown) => warnings.push(warning);
  process.on('warning', onWarning);
  afterEach(() => expect(warnings).toEqual([]));

  test.each([
    ['an Error', new Error('column "secret_note" does not exist')],
    ['a text', 'secret_note'],
    ['null', null],
    ['undefined', undefined],
  ])('(%s) is INTERNAL with a constant text and an id that finds it in the log', async (_, thrown) => {
    const { log, lines } = memoryLog();
    const error = await errorOf(thrown, log);
    expect(error).toMatchObject({ code: Status.INTERNAL, reason: '', violations: [], metadata: {} });
    const id = /^internal error, trace ([0-9a-f]{32})$/.exec(error.details)?.[1];
    const failures = lines.filter(({ msg }) => msg !== 'call');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      msg: 'call failed',
      trace_id: id,
      method: '/lienthong.operations.v1.OperationsService/ReplayParkedEvents',
    });
    expect(error.message).not.toContain('secret_note');
  });

  test('does not end the process or the server', async () => {
    const { client } = await serve({
      unary: async () => {
        throw new Error('first');
      },
      getDocument: async () => ({ document: { id: 'still here' } }),
      async *download() {
        yield { chunk: new Uint8Array(3) };
        throw new Error('in a stream');
      },
      upload: async () => {
        throw new Error('before reading');
      },
    });
    await expect(client.operations.replayParkedEvents(call)).rejects.toMatchObject({ code: Status.INTERNAL });
    const download = async () => {
      for await (const { chunk } of client.attachments.downloadAttachment({})) expect(chunk).toHaveLength(3);
    };
    await expect(download()).rejects.toMatchObject({ code: Status.INTERNAL });
    const upload = client.uploadAttachment(new Uint8Array(1_000_000));
    await expect(upload).rejects.toMatchObject({ code: Status.INTERNAL });
    expect((await client.routing.getDocument({})).document?.id).toBe('still here');
  });

  test('that is a lost or full database is UNAVAILABLE; a deadlock is ABORTED; both name a delay before a retry', async () => {
    for (const code of ['57P01', '53100'])
      expect(await errorOf(Object.assign(new Error('gone'), { code }))).toMatchObject({
        code: Status.UNAVAILABLE,
        reason: 'DATABASE_UNAVAILABLE',
        retryAfterMs: 1000,
      });
    const deadlock = await errorOf(Object.assign(new Error('deadlock'), { code: '40P01' }));
    expect(deadlock).toMatchObject({ code: Status.ABORTED, reason: 'CONCURRENT_CHANGE', retryAfterMs: 100 });
  });

  test('that is already a status passes unchanged', async () => {
    const error = await errorOf(new ServerError(Status.UNIMPLEMENTED, 'not yet'));
    expect(error).toMatchObject({ code: Status.UNIMPLEMENTED, details: 'not yet' });
  });

  test('after the caller has gone is still logged; the cancel itself is not', async () => {
    const { log, lines } = memoryLog();
    const { client } = await serve(
      {
        getDocument: (_, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          }),
        unary: (_, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('clean-up failed')));
          }),
      },
      log,
    );
    const late = { timeoutMs: 50 };
    await expect(client.routing.getDocument({}, late)).rejects.toThrow('DEADLINE_EXCEEDED');
    await expect(client.operations.replayParkedEvents(call, late)).rejects.toThrow('DEADLINE_EXCEEDED');
    const failures = () => lines.filter(({ msg }) => msg !== 'call');
    await vi.waitFor(() => expect(failures()).toHaveLength(1));
    expect(failures()[0]).toMatchObject({ msg: 'call failed', err: { message: 'clean-up failed' } });
  });
});

test('a message over the limit is RESOURCE_EXHAUSTED before it reaches the handler', async () => {
  let calls = 0;
  const { client } = await serve({
    unary: async () => {
      calls += 1;
      return {};
    },
  });
  const large = { ...call, aggregateId: 'x'.repeat(MAX_MESSAGE_BYTES) };
  await expect(client.operations.replayParkedEvents(large)).rejects.toMatchObject({
    code: Status.RESOURCE_EXHAUSTED,
  });
  const small = { ...call, aggregateId: 'x'.repeat(MAX_MESSAGE_BYTES - 100) };
  await client.operations.replayParkedEvents(small);
  expect(calls).toBe(1);
});

test('a field that is wrong in several ways is named once, with all of them', () => {
  const wrong = (field: string, description: string, reason: string) => ({ field, description, reason });
  const { reason, violations } = invalid([
    wrong('papers', 'the form is missing', 'PAPER_MISSING'),
    wrong('channel', 'is required', 'FIELD_REQUIRED'),
    wrong('papers', 'the map is missing', 'PAPER_OTHER'),
    wrong('papers', 'the map is missing', 'PAPER_OTHER'),
  ]);
  expect(reason).toBe('PAPER_MISSING');
  expect(violations).toEqual([
    wrong('papers', 'the form is missing; the map is missing', 'PAPER_MISSING'),
    wrong('channel', 'is required', 'FIELD_REQUIRED'),
  ]);
});
