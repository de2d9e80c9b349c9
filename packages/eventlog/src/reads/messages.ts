import type { Read as ReadMessage } from '@lienthong/contracts/common';
import type { Read } from '@lienthong/kit';

/** A call's read in the form of the contract: one message for each owner of what it read, and one when it read nothing. */
export function toMessages({ caller, method, at, denied, items }: Read, traceparent: string): ReadMessage[] {
  const actor = { agencyId: caller.agencyId, officerId: caller.officerId };
  const blank = (ownerId: string): ReadMessage => ({
    ...{ actor, method, at, traceparent, denied, ownerId },
    ...{ documentIds: [], dossierCodes: [], fileDigests: [], searches: [] },
  });
  const byOwner = new Map<string, ReadMessage>();
  for (const { ownerId, documentId, dossierCode, sha256, search } of items) {
    const message = byOwner.get(ownerId) ?? blank(ownerId);
    byOwner.set(ownerId, message);
    note(message.documentIds, documentId);
    note(message.dossierCodes, dossierCode);
    note(message.fileDigests, sha256);
    note(message.searches, search);
  }
  return byOwner.size === 0 ? [blank('')] : [...byOwner.values()];
}

/** Adds what is not there yet; a call reads at most a page. */
function note(list: string[], value: string | undefined): void {
  if (value && !list.includes(value)) list.push(value);
}
