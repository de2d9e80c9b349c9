import type { Exchange } from '@lienthong/contracts/routing';

/** Where a document came from: the id that a system of its issuer gave it. */
export interface Origin {
  issuerId: string;
  system: string;
  foreignId: string;
}

/** Undefined for a document without an id of another system. */
export const originOf = (issuerId: string, exchange: Exchange | undefined): Origin | undefined =>
  exchange?.origin && exchange.origin.documentId !== ''
    ? { issuerId, system: exchange.origin.system, foreignId: exchange.origin.documentId }
    : undefined;

export const originId = ({ issuerId, system, foreignId }: Origin): string =>
  JSON.stringify([issuerId, system, foreignId]);
