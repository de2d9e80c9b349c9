import { MessageChannel } from '@lienthong/contracts/notification';
import { readSettings } from '@lienthong/kit';
import { newWebhookSecret, verifyWebhook } from '@lienthong/outbound';
import { afterEach, describe, expect, it } from 'vitest';
import { createChannels } from '../src/channels/channels.ts';
import { channelSettings } from '../src/channels/config.ts';
import type { OutgoingMessage } from '../src/domain/channel.ts';
import { type Answer, httpPeer, type Received, type Reply } from './support/http-peer.ts';

const ID = '019b0000-0000-7000-8000-000000000001';
const message = (given: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: ID,
  to: '+84912345678',
  title: 'Hồ sơ sắp đến hạn',
  body: 'Hồ sơ H61.29542-260115-0007 sắp đến hạn “17:00”.',
  language: 'vi',
  ...given,
});
const never = () => new AbortController().signal;
const ok = (): Reply => ({ status: 200 });

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function peerWith(answer: Answer = ok) {
  const peer = await httpPeer(answer);
  closing.push(peer.close);
  return peer;
}

function channelWith(env: Record<string, string>) {
  const kind = env.SMS_URL === undefined ? MessageChannel.WEBHOOK : MessageChannel.SMS;
  const all = createChannels(readSettings(channelSettings, { WEBHOOK_ALLOW_HTTP: 'true', ...env }));
  closing.push(...all.map(({ close }) => close));
  const channel = all.find((one) => one.kind === kind);
  if (channel === undefined) throw new Error(`there is no channel ${kind}`);
  return channel;
}

async function sendSms(
  answer: Answer,
  env: Record<string, string> = {},
  given: Partial<OutgoingMessage> = {},
) {
  const peer = await peerWith(answer);
  const channel = channelWith({ SMS_URL: `${peer.url}/send`, ...env });
  const [sent] = await channel.send([message(given)], never());
  return { sent, calls: peer.calls };
}

describe('SMS', () => {
  it('are posted as JSON under the id of the message', async () => {
    const { sent, calls } = await sendSms(() => ({ status: 202, body: '{"messageId":"m1"}' }));
    expect(sent).toEqual({ kind: 'sent', answer: '202 {"messageId":"m1"}' });
    expect(calls).toMatchObject([{ method: 'POST', url: '/send' }]);
    expect(calls[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': ID });
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ to: '+84912345678', text: message().body });
  });

  it('have the shape of the settings', async () => {
    const env = {
      SMS_BODY:
        '{"brand":"UBND VL","messages":[{"phone":"{to}","content":"{text}","ref":"{id}","n":1,"enc":"{encoding}/{parts}"}]}',
      SMS_HEADERS: '{"authorization":"Bearer x"}',
      SMS_NUMBERS: '0',
      SMS_IDEMPOTENCY_HEADER: 'X-Request-Id',
    };
    const { calls } = await sendSms(ok, env);
    expect(calls[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'x-request-id': ID });
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
      brand: 'UBND VL',
      messages: [{ phone: '0912345678', content: message().body, ref: ID, n: 1, enc: 'ucs2/1' }],
    });
  });

  it('go as a form, or in the query', async () => {
    const env = { SMS_CONTENT: 'form', SMS_NUMBERS: '84' };
    const form = await sendSms(ok, env);
    expect(form.calls[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(form.calls[0]?.body))).toEqual({
      to: '84912345678',
      text: message().body,
    });
    const query = await sendSms(ok, { SMS_METHOD: 'GET' });
    expect(query.calls[0]).toMatchObject({ method: 'GET', body: '' });
    const parameters = new URL(query.calls[0]?.url ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(parameters)).toEqual({ to: '+84912345678', text: message().body });
  });

  it('cannot become structure, nor a placeholder', async () => {
    const body = '","to":"+84900000000"} {to} $& \\';
    const { calls } = await sendSms(ok, {}, { body });
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ to: '+84912345678', text: body });
  });

  it.each(['NFC', 'NFD'])(
    'lose their marks where that is wanted, and their end where they are too long: %s',
    async (form) => {
      const body = 'Đề nghị bổ sung giấy tờ. '.repeat(20).normalize(form);
      const { calls } = await sendSms(ok, { SMS_MARKS: 'strip', SMS_MAX_PARTS: '1' }, { body });
      const { text } = JSON.parse(calls[0]?.body ?? '') as { text: string };
      expect(text).toMatch(/^(De nghi bo sung giay to\. )+/);
      expect(text.length).toBeLessThanOrEqual(160);
      expect(text.length).toBeGreaterThan(140);
      const marked = await sendSms(ok, { SMS_MAX_PARTS: '1' }, { body });
      const { text: kept } = JSON.parse(marked.calls[0]?.body ?? '') as { text: string };
      expect(kept).toMatch(/^Đề nghị bổ sung giấy tờ\. Đề nghị/);
      expect(kept.length).toBeLessThanOrEqual(70);
    },
  );

  it.each([
    [
      { status: 429, headers: { 'retry-after': '120' } },
      { kind: 'retry', answer: '429', cause: 'HTTP_429', retryAfterMs: 120_000 },
    ],
    [
      { status: 500, body: 'lỗi\r\nmáy chủ' },
      { kind: 'retry', answer: '500 lỗi máy chủ', cause: 'HTTP_500' },
    ],
    [{ status: 503 }, { kind: 'unavailable', answer: '503', cause: 'HTTP_503' }],
    [
      { status: 401, body: 'no credit' },
      { kind: 'unavailable', answer: '401 no credit', cause: 'HTTP_401' },
    ],
    [
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { kind: 'unavailable', answer: '302', cause: 'HTTP_302' },
    ],
    [
      { status: 400, body: 'bad number' },
      { kind: 'refused', answer: '400 bad number', cause: 'HTTP_400' },
    ],
  ] as const)('are answered %j', async (reply, expected) => {
    const { sent, calls } = await sendSms(() => reply);
    expect(sent).toEqual(expected);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['{"messages":[{"status":0}]}', 'sent'],
    ['{"messages":[{"status":"queued"}]}', 'sent'],
    ['{"messages":[{"status":9}]}', 'retry'],
    ['{"messages":[{"status":4}]}', 'refused'],
    ['{"messages":[]}', 'retry'],
    ['<html>', 'retry'],
    ['{"messages":[{"status":{"a":1}}]}', 'retry'],
  ])('are answered in the body: %s is %s', async (body, kind) => {
    const env = { SMS_RESULT_PATH: 'messages.0.status', SMS_RESULT_OK: '0, queued', SMS_RESULT_LATER: '9' };
    const { sent } = await sendSms(() => ({ status: 200, body }), env);
    expect(sent?.kind).toBe(kind);
  });

  it('to an invalid number are refused without a call', async () => {
    for (const to of ['', '0912345678', '+84 912', '+84912345678\r\nx: y', 'a@example.vn']) {
      const { sent, calls } = await sendSms(ok, {}, { to });
      expect(sent).toEqual({
        kind: 'refused',
        answer: 'not a telephone number',
        cause: 'ADDRESS_INVALID',
      });
      expect(calls).toHaveLength(0);
    }
  });

  it('are unavailable when the provider is down, silent or slow', async () => {
    const gone = await peerWith();
    await gone.close();
    closing.pop();
    const channel = channelWith({ SMS_URL: gone.url });
    expect(await channel.send([message()], never())).toEqual([
      {
        kind: 'unavailable',
        answer: expect.stringContaining('ECONNREFUSED'),
        cause: 'ECONNREFUSED',
      },
    ]);
    const silent = await sendSms(() => 'silent', { SMS_TIMEOUT_MS: '200' });
    expect(silent.sent).toEqual({
      kind: 'unavailable',
      answer: 'no complete response within 200 ms',
      cause: 'TIMEOUT',
    });
    const dropped = await sendSms(() => 'drop');
    expect(dropped.sent?.kind).toBe('unavailable');
  });

  it('go a few at a time and give results in their order', async () => {
    // No call is answered until four are open at once.
    const { promise: four, resolve: open } = Promise.withResolvers<void>();
    let come = 0;
    const peer = await peerWith(async ({ body }) => {
      come += 1;
      if (come === 4) open();
      await four;
      return { status: body.includes('số 7 ') ? 400 : 200 };
    });
    const channel = channelWith({ SMS_URL: peer.url, SMS_CONNECTIONS: '4' });
    const batch = Array.from({ length: 300 }, (_, i) => message({ id: `m${i}`, body: `số ${i} ` }));
    const sent = await channel.send(batch, never());
    expect(sent.map(({ kind }) => kind)).toEqual(batch.map((_, i) => (i === 7 ? 'refused' : 'sent')));
    expect(peer.calls).toHaveLength(300);
    expect(peer.mostAtOnce()).toBe(4);
  });

  it('end when the sender’s signal aborts', async () => {
    const peer = await peerWith(() => 'silent');
    const channel = channelWith({ SMS_URL: peer.url });
    const sent = await channel.send([message(), message()], AbortSignal.timeout(100));
    expect(sent.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
  });
});

describe('webhook messages', () => {
  it('are signed, name the recipient by id and carry no address', async () => {
    const secret = newWebhookSecret();
    const peer = await peerWith(() => ({ status: 204 }));
    const channel = channelWith({ PUSH_WEBHOOK_URL: peer.url, PUSH_WEBHOOK_SECRET: secret });
    expect(channel.kind).toBe(MessageChannel.WEBHOOK);
    const [sent] = await channel.send([message({ to: 'officer-1' })], never());
    expect(sent).toEqual({ kind: 'sent', answer: '204' });
    const { headers, body } = peer.calls[0] as Received;
    expect(headers['webhook-id']).toBe(ID);
    const given = headers as Record<string, string>;
    expect(verifyWebhook([secret], given, body, new Date())).toBe(true);
    expect(verifyWebhook([newWebhookSecret()], given, body, new Date())).toBe(false);
    const { title, body: text } = message();
    expect(JSON.parse(body)).toMatchObject({
      type: 'notification',
      data: { id: ID, recipientId: 'officer-1', language: 'vi', title, body: text },
    });
  });
});

describe('settings of channels', () => {
  const read = (env: Record<string, string>) => createChannels(readSettings(channelSettings, env));

  it('configure only the webhook channel when there are none: agencies may have receivers', () => {
    expect(read({}).map(({ kind }) => kind)).toEqual([MessageChannel.WEBHOOK]);
  });

  it.each([
    [{ SMTP_URL: 'smtp://127.0.0.1' }, 'SMTP_URL needs MAIL_FROM'],
    [{ PUSH_WEBHOOK_URL: 'https://x.vn' }, 'PUSH_WEBHOOK_URL needs PUSH_WEBHOOK_SECRET'],
    [{ SMS_URL: 'https://x.vn', SMS_RESULT_PATH: 'a' }, 'set SMS_RESULT_PATH and SMS_RESULT_OK together'],
    [{ SMTP_URL: 'http://x' }, 'SMTP_URL: must be an URL of smtp: or smtps:'],
    [{ SMS_BODY: '{"to":' }, 'SMS_BODY: is not JSON'],
    [{ SMS_HEADERS: '{"a":"x\\r\\ny"}' }, 'SMS_HEADERS: is not what is expected'],
    [{ MAIL_FROM: 'a@x.vn\r\nBcc: b@x.vn' }, 'MAIL_FROM: must be an address'],
    [{ SMTP_CA: '/no/such/file' }, 'SMTP_CA: cannot be read'],
    [{ PUSH_WEBHOOK_SECRET: 'secret' }, 'PUSH_WEBHOOK_SECRET: must be whsec_'],
  ])('that do not fit are refused: %j', (env, problem) => {
    expect(() => read(env as Record<string, string>)).toThrow(problem);
  });
});
