import { MessageChannel } from '@lienthong/contracts/notification';
import type { Channel, Outgoing, Sent } from '../domain/channel.ts';
import { answerOf } from './answer.ts';
import type { ChannelSettings } from './config.ts';
import { call, type HttpAnswer, sentBy } from './http.ts';
import { inParallel } from './in-parallel.ts';
import { referenceAt, textAt } from './json-path.ts';
import { fitSms, smsSize, withoutMarks } from './sms-text.ts';

export type SmsSettings = ChannelSettings & { SMS_URL: string };

const E164 = /^\+[1-9]\d{6,14}$/;

/** SMS by whatever provider takes them over HTTP: what is sent and how the answer is read are settings. */
export function smsChannel(settings: SmsSettings): Channel {
  return {
    kind: MessageChannel.SMS,
    send: (batch, signal) =>
      inParallel(batch, settings.SMS_CONNECTIONS, (message) => sendOne(settings, message, signal)),
    async close() {},
  };
}

async function sendOne(settings: SmsSettings, message: Outgoing, signal: AbortSignal): Promise<Sent> {
  if (!E164.test(message.to)) return { outcome: 'refused', answer: 'not a telephone number' };
  const request = requestOf(settings, message);
  const within = AbortSignal.any([signal, AbortSignal.timeout(settings.SMS_TIMEOUT_MS)]);
  return readAnswer(settings, await call(request.url, request.init, within));
}

function requestOf(settings: SmsSettings, message: Outgoing): { url: string; init: RequestInit } {
  const full = message.body.normalize('NFC');
  const text = fitSms(settings.SMS_MARKS === 'strip' ? withoutMarks(full) : full, settings.SMS_MAX_PARTS);
  const { encoding, parts } = smsSize(text);
  const filled = fill(settings.SMS_BODY, {
    to: message.to.replace(/^\+84/, settings.SMS_NUMBERS),
    text,
    id: message.id,
    encoding,
    parts: String(parts),
  }) as Readonly<Record<string, unknown>>;
  const headers = { ...settings.SMS_HEADERS, [settings.SMS_IDEMPOTENCY_HEADER]: message.id };
  const method = settings.SMS_METHOD;
  if (method === 'GET') {
    const url = new URL(settings.SMS_URL);
    for (const [name, value] of Object.entries(filled)) url.searchParams.set(name, asText(value));
    return { url: url.href, init: { method, headers } };
  }
  const json = settings.SMS_CONTENT === 'json';
  const body = json
    ? JSON.stringify(filled)
    : new URLSearchParams(
        Object.entries(filled).map(([name, value]): [string, string] => [name, asText(value)]),
      ).toString();
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return { url: settings.SMS_URL, init: { method, headers: { 'content-type': type, ...headers }, body } };
}

/** The values go into the texts of the parsed template, so that nothing in them can become structure. */
function fill(template: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof template === 'string')
    return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(template)) return template.map((one) => fill(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, one]) => [name, fill(one, values)]));
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Providers that answer 200 to everything say in the body how it went. */
function readAnswer(settings: SmsSettings, answer: HttpAnswer): Sent {
  const sent = sentBy(answer);
  const { SMS_RESULT_PATH: path, SMS_RESULT_OK: ok, SMS_RESULT_LATER: later, SMS_RESULT_ID: id } = settings;
  if (sent.outcome !== 'sent' || !answer.reached) return sent;
  const said = jsonOf(answer.text);
  const taken: Sent = { ...sent, providerId: id === undefined ? undefined : referenceAt(said, id) };
  if (path === undefined) return taken;
  const result = textAt(said, path);
  const kept = answerOf(`${answer.status} ${path}: ${result ?? 'absent'}; ${answer.text}`);
  if (result === undefined) return { outcome: 'retry', answer: kept };
  if (ok?.includes(result)) return taken;
  return { outcome: later?.includes(result) ? 'retry' : 'refused', answer: kept };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A provider that promised JSON and sends none has not said that it took the message.
    return undefined;
  }
}
