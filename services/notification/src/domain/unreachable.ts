/** Codes of an address that does not exist, has moved, or takes no mail (RFC 3463, IANA's registry). */
const OF_ADDRESS = /(?<![\d.])5\.(?:1\.(?:1|2|3|6|10)|2\.1)(?![\d.])/;
/** Any other permanent code with a meaning: a full mailbox, a policy, a size. */
const OF_SOMETHING_ELSE = /(?<![\d.])5\.(?!0\.0(?![\d.]))\d{1,3}\.\d{1,3}(?![\d.])/;
/** Replies to a recipient of servers that give no such code (RFC 5321, 4.2.3). */
const OF_RECIPIENT = /(?<![\d.])55[013](?![\d.])/;

/** True when a server's words mean that the address takes no mail, now or later (a hard bounce). */
export const isUnreachable = (words: string): boolean =>
  OF_ADDRESS.test(words) || (!OF_SOMETHING_ELSE.test(words) && OF_RECIPIENT.test(words));
