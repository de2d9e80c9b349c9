import { type Sealer, tryOpen } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';
import type { DIGEST_TOPIC, KnownTopic } from '../domain/topics.ts';

/** What a link in a mail ends: mails of a topic to one recipient. */
export interface Subscription {
  kind: typeof RecipientKind.OFFICER | typeof RecipientKind.CITIZEN;
  /** The officer, or the dossier that the citizen follows. */
  id: string;
  /** DIGEST_TOPIC for a mail that collects several topics. */
  topic: KnownTopic | typeof DIGEST_TOPIC;
}

/** A sealed text is authentic, hides the recipient, and opens as long as its key is among the sealing keys. */
const PLACE = 'notification/unsubscribe';
/** Longer than anybody keeps a mail to act on. */
const VALID_MS = 400 * 86_400_000;

export const toToken = ({ kind, id, topic }: Subscription, sealer: Sealer, now: Date): string =>
  sealer.seal(JSON.stringify([kind, id, topic, now.getTime() + VALID_MS]), PLACE);

/** The subscription that a token names; undefined for a token that this platform did not make. */
export function readToken(token: string, sealer: Sealer, now: Date): Subscription | 'expired' | undefined {
  const text = tryOpen(sealer, token, PLACE);
  if (text === undefined) return undefined;
  const [kind, id, topic, validUntil] = JSON.parse(text);
  return now.getTime() > validUntil ? 'expired' : { kind, id, topic };
}
