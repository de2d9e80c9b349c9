import { type Reader, type Sealer, type Tx, tryOpen } from '@lienthong/kit';
import type { Endpoint } from '../domain/channel.ts';

export const endpointPlace = (agencyId: string, part: 'url' | 'secret') =>
  `notification/endpoint/${agencyId}/${part}`;

export function saveEndpoint(
  tx: Tx,
  sealer: Sealer,
  agencyId: string,
  { url, secret }: Endpoint,
  now: Date,
): void {
  tx.send({
    name: 'save_endpoint',
    text: `insert into agency_endpoint (agency_id, url, secret, origin, changed_at) values ($1, $2, $3, $4, $5)
           on conflict (agency_id) do update
              set url = excluded.url, secret = excluded.secret, origin = excluded.origin,
                  changed_at = excluded.changed_at`,
    values: [
      agencyId,
      sealer.seal(url, endpointPlace(agencyId, 'url')),
      sealer.seal(secret, endpointPlace(agencyId, 'secret')),
      new URL(url).origin,
      now.toISOString(),
    ],
  });
}

export function deleteEndpoint(tx: Tx, agencyId: string): void {
  tx.send({
    name: 'delete_endpoint',
    text: 'delete from agency_endpoint where agency_id = $1',
    values: [agencyId],
  });
}

export async function readOrigin(
  reader: Reader,
  agencyId: string,
): Promise<{ origin: string; changed_at: Date } | undefined> {
  const rows = await reader.query<{ origin: string; changed_at: Date }>({
    name: 'read_origin',
    text: 'select origin, changed_at from agency_endpoint where agency_id = $1',
    values: [agencyId],
  });
  return rows[0];
}

/** The agencies that have their own receiver. */
export async function agenciesWithEndpoint(
  reader: Reader,
  agencyIds: readonly string[],
): Promise<Set<string>> {
  const rows = await reader.query<{ agency_id: string }>({
    name: 'agencies_with_endpoint',
    text: 'select agency_id from agency_endpoint where agency_id = any($1::uuid[])',
    values: [agencyIds],
  });
  return new Set(rows.map((row) => row.agency_id));
}

/** The opened receivers by agency; undefined for one that no sealing key opens. */
export async function readEndpoints(
  reader: Reader,
  sealer: Sealer,
  agencyIds: readonly string[],
): Promise<Map<string, Endpoint | undefined>> {
  if (agencyIds.length === 0) return new Map();
  const rows = await reader.query<{ agency_id: string; url: string; secret: string }>({
    name: 'read_endpoints',
    text: 'select agency_id, url, secret from agency_endpoint where agency_id = any($1::uuid[])',
    values: [agencyIds],
  });
  return new Map(
    rows.map((row) => {
      const url = tryOpen(sealer, row.url, endpointPlace(row.agency_id, 'url'));
      const secret = tryOpen(sealer, row.secret, endpointPlace(row.agency_id, 'secret'));
      const both = url === undefined || secret === undefined ? undefined : { url, secret };
      return [row.agency_id, both];
    }),
  );
}
