import type { Sent } from '../domain/channel.ts';
import { answerOf } from './answer.ts';

/** What the mail library says of a failure (its own codes beside the server's reply). */
export interface SmtpFailure extends Error {
  code?: string;
  /** The server's reply (RFC 5321, 4.2). */
  responseCode?: number;
  response?: string;
  /** The command it replied to. */
  command?: string;
}

/**
 * What a failed attempt says: a 4yz of a recipient or message may pass later, a 5yz never; what happens before a
 * message is offered, or to every sender, says nothing about the message.
 *
 * @param textBegun the server had begun to read the mail itself.
 */
export function sentBySmtp(error: SmtpFailure, textBegun: boolean): Sent {
  const { responseCode } = error;
  const said = answerOf(error.response ?? `${error.code ?? ''} ${error.message}`);
  if (responseCode === undefined) {
    if (error.code === 'EENVELOPE') return { outcome: 'refused', answer: said };
    // Who hangs up while reading a mail may do so because of it; who falls silent does so with every mail.
    const hungUp = textBegun && (error.code === 'ECONNECTION' || error.code === 'ESOCKET');
    return { outcome: hungUp || error.code === 'EMESSAGE' ? 'retry' : 'unavailable', answer: said };
  }
  if (responseCode === 421 || responseCode === 530 || isOfEverybody(error))
    return { outcome: 'unavailable', answer: said };
  // 503 is about the session's order of commands, not about this message.
  if (responseCode >= 500 && responseCode !== 503) return { outcome: 'refused', answer: said };
  return { outcome: 'retry', answer: said };
}

const OF_THE_MESSAGE = new Set(['RCPT TO', 'DATA', 'API']);

function isOfEverybody({ command = '', responseCode = 0 }: SmtpFailure): boolean {
  if (OF_THE_MESSAGE.has(command)) return false;
  // A sender that is refused is refused for every message; a size (552) or a passing trouble is this one's.
  if (command === 'MAIL FROM') return responseCode >= 500 && responseCode !== 552 && responseCode !== 503;
  return true;
}
