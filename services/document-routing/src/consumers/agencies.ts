import type { ConsumerOptions } from '@lienthong/eventlog';
import { saveAgencies } from '../store/agencies.ts';

const TYPES = [
  'lienthong.directory.v1.AgencyEstablished',
  'lienthong.directory.v1.AgencyRenamed',
  'lienthong.directory.v1.AgencyMoved',
  'lienthong.directory.v1.AgencyUpdated',
  'lienthong.directory.v1.AgencyEnded',
] as const;

/** Keeps this service's copy of the agencies: each event carries its agency as it stands after it. */
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
