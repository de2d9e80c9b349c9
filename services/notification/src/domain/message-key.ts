const KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-([1-9]\d{0,5}))?$/i;

/**
 * A provider's name of a message (Message-ID, idempotency key, webhook-id). It is the same at every attempt. When an
 * operator resends the message it changes, because a provider drops a message whose key it knows.
 */
export const messageKey = (id: string, round: number): string => (round === 0 ? id : `${id}-${round}`);

export function readMessageKey(text: string): { id: string; round: number } | undefined {
  const [, id, round] = KEY.exec(text) ?? [];
  return id === undefined ? undefined : { id: id.toLowerCase(), round: Number(round ?? 0) };
}
