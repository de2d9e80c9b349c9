import { Agency } from '@lienthong/contracts/directory';
import type { ConsumerOptions } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import { followCopies, type Refreshed } from '../copy/cache.ts';
import type { Kind } from '../copy/kind.ts';
import { saveCopies } from '../copy/save.ts';
import { type AgencyBook, agencyBook } from './book.ts';

const AGENCIES: Kind<Agency> = { table: 'agency', codec: Agency };

const TYPES = [
  'lienthong.directory.v1.AgencyEstablished',
  'lienthong.directory.v1.AgencyRenamed',
  'lienthong.directory.v1.AgencyMoved',
  'lienthong.directory.v1.AgencyUpdated',
  'lienthong.directory.v1.AgencyEnded',
] as const;

export function saveAgencies(tx: Tx, agencies: readonly Agency[]): void {
  saveCopies(
    tx,
    AGENCIES,
    agencies.map((agency) => ({ id: agency.id, version: Number(agency.version), record: agency })),
  );
}

/** Keeps a service's copy of the agencies: each event carries its agency as it stands after it. */
export const agenciesConsumer: ConsumerOptions<(typeof TYPES)[number]> = {
  name: 'agencies',
  source: 'directory',
  types: TYPES,
  handle(tx, events) {
    saveAgencies(
      tx,
      events.map(({ payload, envelope }) => {
        if (!payload.agency) throw new Error(`event ${envelope.eventId} carries no agency`);
        return payload.agency;
      }),
    );
  },
};

/** The agencies in this process's memory. */
export interface AgencyCache extends Omit<AgencyBook, 'put'>, Refreshed {}

/** @param column of `followCopies` */
export function createAgencyCache(column?: string): AgencyCache {
  const { put, ...book } = agencyBook();
  return { ...book, ...followCopies(AGENCIES, put, column) };
}
