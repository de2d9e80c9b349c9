/** A payment provider outside the platform, as it would be written from the platform's description of payments. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@lienthong/embedded';
import { Webhook } from 'standardwebhooks';

export interface PaymentTotals {
  /** Made by a link of the provider. */
  byLink: number;
  /** Reports of them that came again and changed nothing. */
  repeated: number;
}

export interface PaymentProvider {
  /** The platform's settings for it. */
  env: Readonly<Record<string, string>>;
  totals: PaymentTotals;
  /** A citizen pays on the page of a link; the provider reports it twice. Throws unless it counts once. */
  pay(url: string): Promise<void>;
  close(): Promise<void>;
}

export async function openPaymentProvider(): Promise<PaymentProvider> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const webhook = new Webhook(secret);
  const listen = `127.0.0.1:${await freePort()}`;
  const payments = new Map<string, { id: string; amount: number; currency: string; paid: boolean }>();

  const reportOf = (url: string) => {
    const payment = payments.get(url);
    if (!payment) throw new Error(`the provider gave no link ${url}`);
    const { paid, ...asked } = payment;
    return { ...asked, status: paid ? 'paid' : 'pending', reference: `FT-${payment.id.slice(-8)}` };
  };
  const linkOf = (id: string) => `https://thanhtoan.example/${id}`;

  const server = createServer(async (request, response) => {
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'GET') {
      const url = linkOf(request.url?.split('/').at(-1) ?? '');
      return payments.has(url) ? reply(200, reportOf(url)) : reply(404, {});
    }
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString('utf8');
    const { id, amount, currency } = JSON.parse(body);
    const url = linkOf(id);
    if (!payments.has(url)) payments.set(url, { id, amount, currency, paid: false });
    return reply(201, { url });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function report(url: string): Promise<unknown> {
    const body = JSON.stringify(reportOf(url));
    const [id, at] = [randomUUID(), new Date()];
    const response = await fetch(`https://${listen}/payments`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      },
      body,
    });
    return ((await response.json()) as { result?: unknown }).result;
  }

  const totals = { byLink: 0, repeated: 0 };
  return {
    env: {
      PAYMENT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/payments`,
      PAYMENT_NAME: 'Cổng thanh toán trực tuyến',
      PAYMENT_LISTEN: listen,
      PAYMENT_CALLBACK_SECRETS: secret,
    },
    totals,
    async pay(url) {
      const payment = payments.get(url);
      if (payment) payment.paid = true;
      const results = [await report(url), await report(url)].join();
      if (results !== 'recorded,ignored') throw new Error(`reports of a payment were ${results}`);
      totals.byLink += 1;
      totals.repeated += 1;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
