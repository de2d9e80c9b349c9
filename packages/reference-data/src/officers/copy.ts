import { Officer } from '@lienthong/contracts/directory';
import type { ConsumerOptions } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import { followCopies, type Refreshed } from '../copy/cache.ts';
import type { Kind } from '../copy/kind.ts';
import { saveCopies } from '../copy/save.ts';
import { type OfficerBook, officerBook } from './register.ts';

const OFFICERS: Kind<Officer> = { table: 'officer', codec: Officer };

const TYPES = [
  'lienthong.directory.v1.OfficerAppointed',
  'lienthong.directory.v1.OfficerMoved',
  'lienthong.directory.v1.OfficerRelieved',
] as const;

/** An officer and the version of the event that says so; the record has none itself. */
export interface VersionedOfficer {
  officer: Officer;
  version: number;
}

export function saveOfficers(tx: Tx, officers: readonly VersionedOfficer[]): void {
  saveCopies(
    tx,
    OFFICERS,
    officers.map(({ officer, version }) => ({ id: officer.id, version, record: officer })),
  );
}

/** Keeps a service's copy of the officers: each event carries its officer as they stand after it. */
export const officersConsumer: ConsumerOptions<(typeof TYPES)[number]> = {
  name: 'officers',
  source: 'directory',
  types: TYPES,
  handle(tx, events) {
    saveOfficers(
      tx,
      events.map(({ payload, envelope }) => {
        if (!payload.officer) throw new Error(`event ${envelope.eventId} carries no officer`);
        return { officer: payload.officer, version: envelope.version };
      }),
    );
  },
};

/** The officers in this process's memory. */
export interface OfficerCache extends Omit<OfficerBook, 'put'>, Refreshed {}

/** @param column of `followCopies` */
export function createOfficerCache(column?: string): OfficerCache {
  const { put, ...book } = officerBook();
  return { ...book, ...followCopies(OFFICERS, put, column) };
}
