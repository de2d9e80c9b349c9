import type { DocumentSummary, Party } from '@lienthong/contracts/routing';
import type { ImmutableMap } from '@lienthong/eventlog';
import type { AgencyRegister } from '@lienthong/reference-data';
import type { RoutingChange } from './change.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { numberKey, type Series, type SeriesRecord, seriesKey } from './numbering.ts';
import { originId, originOf } from './origin.ts';

/** The facts of an existing document that commands need. */
export interface DocumentFacts {
  issuer: Party;
  summary: DocumentSummary;
}

/** The state for a command: read and locked before the batch, with the changes of the batch's earlier commands. */
export interface RoutingState {
  agencies: AgencyRegister;
  /** By `seriesKey`. */
  series: ImmutableMap<string, SeriesRecord>;
  /** Numbers in use, by `numberId`: those the batch's issuers give, and those given by hand above the last one drawn. */
  taken: ImmutableMap<string, true>;
  documents: ReadonlyMap<string, DocumentFacts>;
  deliveries: ImmutableMap<string, DeliveryRecord>;
  /** Loaded delivery ids by document. A document that is only answered has those of the agencies that answer. */
  byDocument: ReadonlyMap<string, readonly string[]>;
  /** Digests of the packages of origins in use, by `originId`: those that the batch's issuers give. */
  origins: ImmutableMap<string, string>;
  /** Sizes in bytes of the attachments an agency may use, by `attachmentId`. */
  attachments: ReadonlyMap<string, number>;
}

export const numberId = (series: Series, number: string): string =>
  `${seriesKey(series)}|${numberKey(number)}`;
export const attachmentId = (agencyId: string, sha256: string): string => `${agencyId}|${sha256}`;

/** The record of a series that was loaded. */
export function seriesOf(state: RoutingState, series: Series): SeriesRecord {
  const record = state.series.get(seriesKey(series));
  if (!record) throw new Error(`the series ${seriesKey(series)} was not loaded`);
  return record;
}

export const deliveriesOf = (state: RoutingState, documentId: string): DeliveryRecord[] =>
  (state.byDocument.get(documentId) ?? []).flatMap((id) => state.deliveries.get(id) ?? []);

/**
 * The state after a change. A new document and its deliveries are not added: no caller knows their ids before the reply,
 * so no command of the same batch can name them.
 */
export function evolve(state: RoutingState, { issued, series, updated }: RoutingChange): RoutingState {
  const origin = issued && originOf(issued.document.issuerId, issued.document.exchange);
  const deliveries = new Map<string, DeliveryRecord>();
  for (const { id, patch } of updated) {
    const delivery = deliveries.get(id) ?? state.deliveries.get(id);
    if (!delivery) throw new Error(`the delivery ${id} changes but was not loaded`);
    deliveries.set(id, { ...delivery, ...patch });
  }
  return {
    ...state,
    taken: issued
      ? state.taken.with([[numberId(issued.document, issued.document.number), true]])
      : state.taken,
    origins: origin
      ? state.origins.with([[originId(origin), issued.document.exchange?.packageSha256 ?? '']])
      : state.origins,
    series: series ? state.series.with([[seriesKey(series.series), series.record]]) : state.series,
    deliveries: state.deliveries.with(deliveries),
  };
}
