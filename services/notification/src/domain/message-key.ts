const KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-([1-9]\d{0,5}))?$/i;

/**
 * What a provider knows a message by (Message-ID, idempotency key, webhook-id): the same however often it is tried;
 * another one each time an operator has it sent again, for what is the same would be dropped.
 */
export const messageKey = (id: string, round: number): string => (round === 0 ? id : `${id}-${round}`);

export function readMessageKey(text: string): { id: string; round: number } | undefined {
  const [, id, round] = KEY.exec(text) ?? [];
  return id === undefined ? undefined : { id: id.toLowerCase(), round: Number(round ?? 0) };
}
