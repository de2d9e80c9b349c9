import type { SendResult } from '../domain/channel.ts';
import { isUnreachable } from '../domain/unreachable.ts';
import { answerLine } from './http-result.ts';

/** A failure as the mail library reports it: its own codes beside the server's reply. */
export interface SmtpFailure extends Error {
  code?: string;
  /** The server's reply (RFC 5321, 4.2). */
  responseCode?: number;
  response?: string;
  /** The command it replied to. */
  command?: string;
}

/**
 * The result of a failed attempt. A 4yz reply about a recipient or message may change later, a 5yz reply never. A failure
 * before the message is offered, or one that concerns every sender, is not the message's.
 *
 * @param textBegun the server had begun to read the mail itself.
 */
export function toSendResult(error: SmtpFailure, textBegun: boolean): SendResult {
  const { responseCode, code = '' } = error;
  const answer = answerLine(error.response ?? `${code} ${error.message}`);
  const cause = responseCode === undefined ? code || error.name : `SMTP_${responseCode}`;
  const result = (kind: 'refused' | 'retry' | 'unavailable'): SendResult => ({ kind, answer, cause });
  if (responseCode === undefined) {
    if (code === 'EENVELOPE') return result('refused');
    // A server that hangs up while it reads a mail may do so because of it; one that is silent is so with every mail.
    const hungUp = textBegun && (code === 'ECONNECTION' || code === 'ESOCKET');
    return result(hungUp || code === 'EMESSAGE' ? 'retry' : 'unavailable');
  }
  if (responseCode === 421 || responseCode === 530 || concernsEveryMessage(error))
    return result('unavailable');
  // 503 is about the order of commands in the session.
  if (responseCode < 500 || responseCode === 503) return result('retry');
  const isOfRecipient = error.command === 'RCPT TO' && isUnreachable(answer);
  return isOfRecipient ? { kind: 'refused', answer, cause, isUnreachable: true } : result('refused');
}

const MESSAGE_COMMANDS = new Set(['RCPT TO', 'DATA', 'API']);

function concernsEveryMessage({ command = '', responseCode = 0 }: SmtpFailure): boolean {
  if (MESSAGE_COMMANDS.has(command)) return false;
  // A sender that is refused is refused for every message; a size (552) or a temporary reply concerns this message.
  if (command === 'MAIL FROM') return responseCode >= 500 && responseCode !== 552 && responseCode !== 503;
  return true;
}

/**
 * The id under which a server queued a mail, from its reply: `Ok: queued as 4Xk2…` (Postfix), `OK id=1sX…` (Exim),
 * `Ok 0100018f…` (Amazon SES), `<…@…> [InternalId=…]` (Exchange), `OK 1730… a1-2b.3 - gsmtp` (Gmail). Undefined when the
 * reply names none.
 */
export function queueIdOf(response: string): string | undefined {
  const text = response.replace(/^\d{3}[ -](?:\d\.\d+\.\d+ )?/, '');
  const named =
    /\bqueued as ([\w.-]+)/i.exec(text) ??
    /\bid=([\w.-]+)/i.exec(text) ??
    /<([^<>@\s]+)@[^<>\s]+>/.exec(text);
  if (named?.[1] !== undefined) return named[1];
  const ids = text.match(/(?<![\w.-])(?=[\w.-]*\d)\w[\w.-]{7,}(?![\w.-])/g) ?? [];
  return ids.toSorted((a, b) => b.length - a.length)[0];
}
