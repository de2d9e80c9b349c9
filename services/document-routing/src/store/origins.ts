/** Documents by the id that another system gave them. */
import type { Reader, Tx } from '@lienthong/kit';
import type { IssuedDocument } from '../domain/change.ts';
import type { IssueCommand } from '../domain/issue-command.ts';
import { type Origin, originId, originOf } from '../domain/origin.ts';
import { DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';

/** Origins of the batch that are in use, with the digests of their packages. Two batches cannot both use one: primary key. */
export async function findOrigins(
  tx: Tx,
  issues: readonly IssueCommand[],
): Promise<[originId: string, packageSha256: string][]> {
  const origins = issues.flatMap(({ callerId, draft }) => originOf(callerId, draft.exchange) ?? []);
  if (origins.length === 0) return [];
  const rows = await tx.query<{
    issuer_id: string;
    system: string;
    foreign_id: string;
    package_sha256: string;
  }>({
    name: 'find_origins',
    text: `select o.issuer_id, o.system, o.foreign_id, o.package_sha256
             from unnest($1::uuid[], $2::text[], $3::text[]) as g (issuer_id, system, foreign_id)
             join document_origin o using (issuer_id, system, foreign_id)`,
    values: columns(origins),
  });
  return rows.map((row) => [
    originId({ issuerId: row.issuer_id, system: row.system, foreignId: row.foreign_id }),
    row.package_sha256,
  ]);
}

export function insertOrigins(tx: Tx, issued: readonly IssuedDocument[]): void {
  const rows = issued.flatMap(({ document }) => {
    const origin = originOf(document.issuerId, document.exchange);
    return origin ? [{ origin, document }] : [];
  });
  if (rows.length === 0) return;
  tx.send({
    name: 'insert_origins',
    text: `insert into document_origin (issuer_id, system, foreign_id, document_id, package_sha256)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[])`,
    values: [
      ...columns(rows.map(({ origin }) => origin)),
      rows.map(({ document }) => document.id),
      rows.map(({ document }) => document.exchange?.packageSha256 ?? ''),
    ],
  });
}

const columns = (origins: readonly Origin[]) => [
  origins.map(({ issuerId }) => issuerId),
  origins.map(({ system }) => system),
  origins.map(({ foreignId }) => foreignId),
];

export type OriginRow = DocumentRow & { system: string; package_sha256: string };

/** Documents with this foreign id that one of the agencies issued, holds or was addressed in, newest first. */
export const readByOrigin = (
  reader: Reader,
  foreignId: string,
  system: string,
  agencyIds: readonly string[],
  limit: number,
): Promise<OriginRow[]> =>
  reader.query({
    name: 'read_by_origin',
    text: `select ${DOCUMENT_COLUMNS}, o.system, o.package_sha256
             from document_origin o join document doc on doc.id = o.document_id
            where o.foreign_id = $1 and ($2 = '' or o.system = $2)
              and (doc.issuer_id = any($3::uuid[])
                   or exists (select from delivery d where d.document_id = doc.id and not d.withdrawn
                                 and (d.holder_id = any($3::uuid[]) or d.addressed_to_id = any($3::uuid[]))))
            order by doc.issued_at desc, doc.id desc limit $4`,
    values: [foreignId, system, agencyIds, limit],
  });
