import { MessageChannel } from '@lienthong/contracts/notification';
import type { HttpClient, HttpRequest, HttpResult } from '@lienthong/outbound';
import type { Channel, OutgoingMessage, SendResult } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { answerLine, toSendResult } from './http-result.ts';
import { inParallel } from './in-parallel.ts';
import { referenceAt, textAt } from './json-path.ts';
import { fitSms, smsSize, withoutMarks } from './sms-text.ts';

export type SmsSettings = ChannelSettings & { SMS_URL: string };

const E164 = /^\+[1-9]\d{6,14}$/;

/** SMS through a provider with an HTTP API; settings give the shape of its requests and responses. */
export function smsChannel(settings: SmsSettings, http: HttpClient): Channel {
  return {
    kind: MessageChannel.SMS,
    send: (batch, signal) =>
      inParallel(batch, settings.SMS_CONNECTIONS, (message) => sendOne(settings, http, message, signal)),
    async close() {
      http.close();
    },
  };
}

async function sendOne(
  settings: SmsSettings,
  http: HttpClient,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  if (!E164.test(message.to))
    return { kind: 'refused', answer: 'not a telephone number', cause: 'ADDRESS_INVALID' };
  return readResponse(settings, await http.send({ ...toRequest(settings, message), signal }));
}

function toRequest(settings: SmsSettings, message: OutgoingMessage): HttpRequest {
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
    return { url: url.href, method, headers };
  }
  const json = settings.SMS_CONTENT === 'json';
  const body = json
    ? JSON.stringify(filled)
    : new URLSearchParams(
        Object.entries(filled).map(([name, value]): [string, string] => [name, asText(value)]),
      ).toString();
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return { url: settings.SMS_URL, method, headers: { 'content-type': type, ...headers }, body };
}

/** Fills the texts of the parsed template: a value cannot become structure. */
function fill(template: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof template === 'string')
    return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(template)) return template.map((one) => fill(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, one]) => [name, fill(one, values)]));
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A provider that answers 200 to everything gives the result in the body. */
function readResponse(settings: SmsSettings, response: HttpResult): SendResult {
  const sent = toSendResult(response);
  const { SMS_RESULT_PATH: path, SMS_RESULT_OK: ok, SMS_RESULT_LATER: later, SMS_RESULT_ID: id } = settings;
  if (sent.kind !== 'sent') return sent;
  const json = parseJson(response.text);
  const taken: SendResult = { ...sent, providerId: id === undefined ? undefined : referenceAt(json, id) };
  if (path === undefined) return taken;
  const result = textAt(json, path);
  const answer = answerLine(`${response.status} ${path}: ${result ?? 'absent'}; ${response.text}`);
  const cause = 'PROVIDER_RESULT';
  if (result === undefined) return { kind: 'retry', answer, cause };
  if (ok?.includes(result)) return taken;
  return { kind: later?.includes(result) ? 'retry' : 'refused', answer, cause };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without its JSON the provider has not confirmed the message.
    return undefined;
  }
}
