import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@lienthong/kit';
import { certificate } from '@lienthong/testkit';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChannels } from '../src/channels/channels.ts';
import { channelSettings } from '../src/channels/config.ts';
import type { Channel, OutgoingMessage, SendResult } from '../src/domain/channel.ts';
import { mailServer, rawServer, smtpReply } from './support/mail-server.ts';

const ID = '019b0000-0000-7000-8000-000000000001';
const message = (given: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: ID,
  to: 'nguyen.van.mau@example.vn',
  title: 'Hồ sơ H61.29542-260115-0007 sắp đến hạn: đề nghị Ông/Bà xử lý đúng thời hạn theo quy định',
  body: 'Kính gửi Ông/Bà,\n\nHồ sơ “Đăng ký <khai sinh> & hộ tịch”\nsắp đến hạn.\n\nTrân trọng.',
  language: 'vi',
  ...given,
});
const never = () => new AbortController().signal;

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

function channelAt(port: number, env: Record<string, string> = {}): Channel {
  const settings = readSettings(channelSettings, {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SMTP_STARTTLS: 'never',
    MAIL_FROM: '"Liên Thông – tỉnh Vĩnh Long" <thongbao@vinhlong.example.vn>',
    ...env,
  });
  const [channel] = createChannels(settings) as [Channel];
  closing.push(channel.close);
  return channel;
}

async function office(options: SMTPServerOptions = {}, env: Record<string, string> = {}) {
  const server = await mailServer(options);
  closing.push(server.close);
  return { server, channel: channelAt(server.port, env) };
}

const kinds = (sent: readonly SendResult[]) => sent.map(({ kind }) => kind);

describe('a mail', () => {
  it('arrives as it was written: read by another parser', async () => {
    const { server, channel } = await office(
      {},
      { MAIL_UNSUBSCRIBE_URL: 'https://vinhlong.example.vn/thong-bao' },
    );
    const [sent] = await channel.send([message()], never());
    expect(sent).toMatchObject({ kind: 'sent', answer: '250 queued' });
    expect(server.arrived).toHaveLength(1);
    const [{ from, to, raw, parsed }] = server.arrived as [(typeof server.arrived)[0]];
    expect({ from, to }).toEqual({ from: 'thongbao@vinhlong.example.vn', to: ['nguyen.van.mau@example.vn'] });
    expect(parsed.subject).toBe(message().title);
    expect(parsed.from?.value).toEqual([
      { name: 'Liên Thông – tỉnh Vĩnh Long', address: 'thongbao@vinhlong.example.vn' },
    ]);
    expect(parsed.messageId).toBe(`<${ID}@vinhlong.example.vn>`);
    expect(parsed.text?.trim()).toBe(message().body);
    expect(parsed.html).toContain('<p>Hồ sơ “Đăng ký &lt;khai sinh&gt; &amp; hộ tịch”<br>sắp đến hạn.</p>');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/vinhlong\.example\.vn\/thong-bao>\r$/m);
    // Every line is of US-ASCII and short enough for any server (RFC 5322, 2.1.1).
    for (const line of raw.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e\t]{0,998}$/);
  });

  it('has the one-click link of its recipient in one line, with nothing but an address beside it', async () => {
    const unsubscribeUrl = `https://vinhlong.example.vn/unsubscribe?token=s1.k.${'x'.repeat(300)}`;
    const { server, channel } = await office(
      {},
      { MAIL_UNSUBSCRIBE_URL: 'mailto:thongbao@vinhlong.example.vn' },
    );
    await channel.send([message({ unsubscribeUrl })], never());
    const lines = server.arrived[0]?.raw.split('\r\n') ?? [];
    expect(lines).toContain(`List-Unsubscribe: <${unsubscribeUrl}>, <mailto:thongbao@vinhlong.example.vn>`);
    expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('has one subject for every title, and no title becomes a header', async () => {
    const { server, channel } = await office();
    const title = 'Khẩn\r\nBcc: khac@example.vn\r\n\r\n<script>';
    expect(kinds(await channel.send([message({ title })], never()))).toEqual(['sent']);
    const [{ to, parsed }] = server.arrived as [(typeof server.arrived)[0]];
    expect(to).toEqual(['nguyen.van.mau@example.vn']);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.subject).toBe('Khẩn Bcc: khac@example.vn <script>');
  });

  it.each([
    '',
    'khong-phai-dia-chi',
    'a@example.vn, b@example.vn',
    'a@example.vn\r\nRCPT TO:<b@example.vn>',
    '<a@example.vn>',
    'A <a@example.vn>',
    'a@b@example.vn',
    'a b@example.vn',
  ])('goes to one address or nowhere: %j', async (to) => {
    const { server, channel } = await office();
    expect(await channel.send([message({ to })], never())).toEqual([
      { kind: 'refused', answer: 'not an e-mail address', cause: 'ADDRESS_INVALID' },
    ]);
    expect(server.connections()).toBe(0);
  });
});

describe('a mail server', () => {
  it('takes hundreds over few connections, each with its own result', async () => {
    const refusing: SMTPServerOptions = {
      onRcptTo({ address }, _, done) {
        const n = Number(/^u(\d+)@/.exec(address)?.[1]);
        if (n % 50 === 7) done(smtpReply(550, `5.1.1 <${address}> unknown`));
        else if (n % 50 === 9) done(smtpReply(450, '4.2.0 greylisted'));
        else done();
      },
    };
    const { server, channel } = await office(refusing, { SMTP_CONNECTIONS: '4' });
    const batch = Array.from({ length: 400 }, (_, i) =>
      message({ id: `m${i}`, to: `u${i}@example.vn`, title: `số ${i}` }),
    );
    const sent = await channel.send(batch, never());
    const expected = batch.map((_, i) => (i % 50 === 7 ? 'refused' : i % 50 === 9 ? 'retry' : 'sent'));
    expect(kinds(sent)).toEqual(expected);
    const unreachable = sent.filter((one) => one.kind === 'refused' && one.isUnreachable);
    expect(unreachable).toHaveLength(expected.filter((kind) => kind === 'refused').length);
    const ids = server.arrived.map(({ parsed }) => parsed.messageId).toSorted();
    const taken = batch
      .filter((_, i) => expected[i] === 'sent')
      .map(({ id }) => `<${id}@vinhlong.example.vn>`);
    expect(ids).toEqual(taken.toSorted());
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  it.each([
    ['DATA', 554, 'refused'],
    ['DATA', 451, 'retry'],
    ['DATA', 421, 'unavailable'],
    ['RCPT', 552, 'refused'],
    ['RCPT', 452, 'retry'],
    ['RCPT', 421, 'unavailable'],
    ['MAIL', 550, 'unavailable'],
    ['MAIL', 451, 'retry'],
    ['MAIL', 552, 'refused'],
    ['EHLO', 554, 'unavailable'],
    ['EHLO', 421, 'unavailable'],
  ])('that answers %s with %i: %s', async (when, code, kind) => {
    const no = smtpReply(code, 'không nhận');
    const { channel } = await office({
      ...(when === 'EHLO' ? { onConnect: (_, done) => done(no) } : {}),
      ...(when === 'MAIL' ? { onMailFrom: (_, __, done) => done(no) } : {}),
      ...(when === 'RCPT' ? { onRcptTo: (_, __, done) => done(no) } : {}),
      ...(when === 'DATA'
        ? {
            onData(stream, _, done) {
              stream.resume();
              stream.on('end', () => done(no));
            },
          }
        : {}),
    });
    const [sent] = await channel.send([message()], never());
    expect(sent).toMatchObject({
      kind,
      answer: expect.stringContaining(String(code)),
      cause: `SMTP_${code}`,
    });
  });

  it('that is down is unavailable, and gets mails again when it is back', async () => {
    const { server, channel } = await office();
    await channel.send([message()], never());
    await server.close();
    expect(kinds(await channel.send([message(), message()], never()))).toEqual([
      'unavailable',
      'unavailable',
    ]);
    const again = await mailServer({}, server.port);
    closing.push(again.close);
    expect(kinds(await channel.send([message()], never()))).toEqual(['sent']);
    expect(again.arrived).toHaveLength(1);
  });

  it('that closed its idle connection takes the next mail over a new one', async () => {
    let open = 0;
    const { server, channel } = await office({
      onConnect(_, done) {
        open += 1;
        done();
      },
      onClose() {
        open -= 1;
      },
      socketTimeout: 150,
    });
    expect(kinds(await channel.send([message()], never()))).toEqual(['sent']);
    await expect.poll(() => open, { timeout: 20_000 }).toBe(0);
    expect(kinds(await channel.send([message()], never()))).toEqual(['sent']);
    expect(server.arrived).toHaveLength(2);
  });

  it.each([
    ['the next mail begins', (line: string) => line.startsWith('MAIL')],
    ['the next recipient is named', (line: string) => line.startsWith('RCPT')],
    ['the next text would begin', (line: string) => line === 'DATA'],
  ])('that closes its kept connections when %s gets the mails at once over new ones', async (_, isThen) => {
    const taken: string[] = [];
    // By connection: how many mails it has taken, and whether it reads one.
    const mails = new Map<object, { taken: number; data: boolean }>();
    const server = await rawServer((line, socket) => {
      const here = mails.get(socket) ?? { taken: 0, data: false };
      mails.set(socket, here);
      if (here.taken > 0 && isThen(line)) return 'hang up';
      if (here.data && line.startsWith('Message-ID:')) taken.push(line.slice(12));
      if (here.data && line !== '.') return undefined;
      if (line === '.') here.taken += 1;
      here.data = line === 'DATA';
      if (line === '') return '220 x';
      return here.data ? '354 go' : '250 ok';
    });
    closing.push(server.close);
    const channel = channelAt(server.port, { SMTP_CONNECTIONS: '4' });
    const batch = (from: number) => Array.from({ length: 4 }, (_, i) => message({ id: `m${from + i}` }));
    expect(kinds(await channel.send(batch(0), never()))).toEqual(Array(4).fill('sent'));
    expect(kinds(await channel.send(batch(4), never()))).toEqual(Array(4).fill('sent'));
    const ids = Array.from({ length: 8 }, (_, i) => `<m${i}@vinhlong.example.vn>`);
    expect(taken.toSorted()).toEqual(ids);
    expect(mails.size).toBeGreaterThan(4);
  });

  it('that is silent is unavailable after the timeout', async () => {
    const silent = await rawServer(() => undefined);
    closing.push(silent.close);
    const [sent] = await channelAt(silent.port, { SMTP_TIMEOUT_MS: '200' }).send([message()], never());
    expect(sent?.kind).toBe('unavailable');
  });

  it('that is slow is waited for until the sender’s signal aborts', async () => {
    const { channel } = await office({ onData: (stream) => void stream.resume() });
    expect(await channel.send([message()], AbortSignal.timeout(300))).toEqual([
      { kind: 'unavailable', answer: 'no reply in time', cause: 'TIMEOUT' },
    ]);
  });

  it.each([
    ['greeting', (line: string) => line === '', 'unavailable', 0],
    ['the recipient', (line: string) => line.startsWith('RCPT'), 'unavailable', 1],
    ['the middle of the mail', (line: string) => line.startsWith('Subject:'), 'retry', 1],
    ['the end of the mail', (line: string) => line === '.', 'retry', 1],
  ] as const)(
    'that hangs up at %s has not taken it; it is not offered again unasked',
    async (_, isThen, kind, times) => {
      let offered = 0;
      let data = false;
      const server = await rawServer((line) => {
        if (isThen(line)) return 'hang up';
        if (data) return undefined;
        if (line === '') return '220 x';
        if (line.startsWith('MAIL')) offered += 1;
        data = line === 'DATA';
        return data ? '354 go' : '250 ok';
      });
      closing.push(server.close);
      const [sent] = await channelAt(server.port).send([message()], never());
      expect({ kind: sent?.kind, offered }).toEqual({ kind, offered: times });
    },
  );

  it('that does not offer TLS gets nothing where TLS is required', async () => {
    const { server, channel } = await office({}, { SMTP_STARTTLS: 'required' });
    expect(kinds(await channel.send([message()], never()))).toEqual(['unavailable']);
    expect(server.arrived).toHaveLength(0);
  });

  describe('with TLS', () => {
    const own = certificate();
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mail-'));
      await writeFile(join(folder, 'ca.pem'), own.cert);
      await writeFile(join(folder, 'other.pem'), certificate().cert);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each([
      ['smtp', 'ca.pem', 'sent'],
      ['smtps', 'ca.pem', 'sent'],
      ['smtp', 'other.pem', 'unavailable'],
      ['smtps', 'other.pem', 'unavailable'],
    ])('over %s, trusting %s: %s', async (scheme, ca, kind) => {
      let secure = false;
      const server = await mailServer({
        ...own,
        secure: scheme === 'smtps',
        disabledCommands: ['AUTH'],
        onMailFrom(_, session, done) {
          ({ secure } = session);
          done();
        },
      });
      closing.push(server.close);
      const channel = channelAt(server.port, {
        SMTP_URL: `${scheme}://127.0.0.1:${server.port}`,
        SMTP_STARTTLS: 'required',
        SMTP_CA: join(folder, ca),
      });
      expect(kinds(await channel.send([message()], never()))).toEqual([kind]);
      expect({ secure, arrived: server.arrived.length }).toEqual(
        kind === 'sent' ? { secure: true, arrived: 1 } : { secure: false, arrived: 0 },
      );
    });
  });

  it('that requires a password gets it; a wrong one makes the channel unavailable', async () => {
    const options: SMTPServerOptions = {
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth({ username, password }, _, done) {
        if (username === 'thong bao' && password === 'p@ss:w') done(null, { user: 'x' });
        else done(smtpReply(535, 'wrong'));
      },
    };
    const { server } = await office(options);
    const at = (user: string) =>
      channelAt(server.port, { SMTP_URL: `smtp://${user}@127.0.0.1:${server.port}` });
    expect(kinds(await at('thong%20bao:p%40ss%3Aw').send([message()], never()))).toEqual(['sent']);
    expect(kinds(await at('thong%20bao:x').send([message()], never()))).toEqual(['unavailable']);
  });
});
