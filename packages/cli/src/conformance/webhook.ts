import { createHmac, randomUUID } from 'node:crypto';
import { eventContracts } from '@lienthong/contracts/events';
import { type Exit, usage } from '../failure.ts';
import { createOutput, type Format } from '../output/output.ts';
import { readText } from '../token.ts';
import { type Finding, report } from './report.ts';

export interface WebhookOptions {
  secretFile: string;
  output: Format;
}

/** As long as the platform waits. */
const LONGEST_MS = 10_000;
const HOUR_S = 3_600;
const TYPE = 'lienthong.routing.v1.DeliverySent';

interface Sent {
  body: string;
  headers: Record<string, string>;
}

/**
 * Sends events to a receiver of webhooks as the platform does, and some as it never does: whether it takes the ones, each as
 * often as it comes, and refuses the others.
 */
export async function checkWebhook(url: string, { secretFile, output }: WebhookOptions): Promise<Exit> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usage(`${url} must be an address such as https://van-ban.example.vn/su-kien`);
  const secret = (await readText(secretFile, 'the file of the secret')).trim();
  if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(secret))
    throw usage(`${secretFile} must hold the secret of the webhook, whsec_…`);
  const findings: Finding[] = [];
  for (const { check, takes, sent } of casesOf(secret)) findings.push(await attempt(url, check, takes, sent));
  return report(createOutput(output), findings);
}

interface Case {
  check: string;
  /** Whether the receiver should take it. */
  takes: boolean;
  sent: Sent;
}

function casesOf(secret: string): Case[] {
  const nowS = Math.floor(Date.now() / 1000);
  const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const id = randomUUID();
  const genuine = sign([secret], id, nowS, eventOf(id));
  const fresh = (secrets: readonly string[], atS = nowS, more: object = {}) => {
    const own = randomUUID();
    return sign(secrets, own, atS, eventOf(own, more));
  };
  const changed = fresh([secret]);
  const unsigned = fresh([secret]);
  delete unsigned.headers['webhook-signature'];
  return [
    { check: 'sự kiện đúng / a genuine event', takes: true, sent: genuine },
    { check: 'sự kiện gửi lại / the same event again', takes: true, sent: genuine },
    {
      check: 'đổi khóa / two signatures, the second by your secret',
      takes: true,
      sent: fresh([other, secret]),
    },
    {
      check: 'loại sự kiện mới / a type that is not known yet',
      takes: true,
      sent: fresh([secret], nowS, UNKNOWN),
    },
    {
      check: 'thuộc tính mới / an attribute that is not known yet',
      takes: true,
      sent: fresh([secret], nowS, { lamoi: 'x' }),
    },
    {
      check: 'nội dung bị sửa / a body that was changed',
      takes: false,
      sent: { ...changed, body: changed.body.replace('"', ' "') },
    },
    { check: 'khóa khác / signed by another secret', takes: false, sent: fresh([other]) },
    { check: 'không chữ ký / no signature', takes: false, sent: unsigned },
    { check: 'cũ một giờ / an hour old', takes: false, sent: fresh([secret], nowS - HOUR_S) },
    { check: 'sớm một giờ / an hour ahead', takes: false, sent: fresh([secret], nowS + HOUR_S) },
  ];
}

const UNKNOWN = { type: 'lienthong.routing.v1.NotYetKnown', data: undefined, data_base64: 'CgE=' };

/** A CloudEvent as the platform sends it. */
function eventOf(id: string, more: object = {}): string {
  const deliveryId = randomUUID();
  const payload = eventContracts[TYPE].codec.fromPartial({ delivery: { id: deliveryId } });
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/lienthong/routing',
    type: TYPE,
    subject: `delivery/${deliveryId}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: '1',
    data: eventContracts[TYPE].codec.toJSON(payload as never),
    ...more,
  });
}

/** Standard Webhooks 1.0, symmetric. */
function sign(secrets: readonly string[], id: string, atS: number, body: string): Sent {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${atS}.${body}`).digest('base64')}`;
  });
  return {
    body,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(atS),
      'webhook-signature': signatures.join(' '),
    },
  };
}

async function attempt(
  url: string,
  check: string,
  takes: boolean,
  { body, headers }: Sent,
): Promise<Finding> {
  const expected = takes ? '2xx' : '4xx';
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    await response.body?.cancel();
    const { status } = response;
    const passed = takes ? status >= 200 && status < 300 : status >= 400 && status < 500;
    return { check, expected, found: String(status), passed };
  } catch (error) {
    const { name, message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    const found = name === 'TimeoutError' ? `no reply in ${LONGEST_MS / 1000} s` : why;
    return { check, expected, found, passed: false };
  }
}
