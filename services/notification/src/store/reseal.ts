import type { SealedTable } from '@lienthong/outbound';
import { RecipientKind } from '../domain/recipients.ts';
import { contactPlace } from './contacts.ts';
import { endpointPlace } from './endpoints.ts';

const contacts = (kind: RecipientKind) => ({
  columns: ['email', 'phone'],
  place: (id: string, column: string) => contactPlace(kind, id, column as 'email' | 'phone'),
  personal: true,
});

/** The tables that hold sealed contacts and secrets. */
export const SEALED_TABLES: readonly SealedTable[] = [
  { table: 'officer_contact', id: 'officer_id', idType: 'text', ...contacts(RecipientKind.OFFICER) },
  { table: 'follower', id: 'dossier_id', idType: 'uuid', ...contacts(RecipientKind.CITIZEN) },
  {
    table: 'agency_endpoint',
    id: 'agency_id',
    idType: 'uuid',
    columns: ['url', 'secret'],
    place: (id, column) => endpointPlace(id, column as 'url' | 'secret'),
  },
];
