import { digestOf, FILE_COLUMNS, type StoredFile } from '@lienthong/file-store';
import type { Reader } from '@lienthong/kit';
import type { DocumentRow } from './rows.ts';

/** A use of some content by a caller, for itself or for an agency that it stands for. */
export interface AttachmentUse {
  callerId: string;
  /** The caller, or an agency it stands for. */
  agencyId: string;
  sha256: string;
}

export interface UsableAttachment {
  caller_id: string;
  sha256: string;
  size_bytes: number;
}

/**
 * The SQL condition that an agency may use a file: it uploaded the file, issued a document with it, or has one in a delivery
 * that was not recalled.
 * Primary keys of file_uploader and file_use, then delivery_by_document.
 */
const mayUse = (sha256: string, isAgency: (column: string) => string) => `(
  exists (select from file_uploader u where u.sha256 = ${sha256} and ${isAgency('u.agency_id')})
  or exists (select from file_use fu join document doc on doc.id = fu.owner_id
              where fu.sha256 = ${sha256} and ${isAgency('doc.issuer_id')})
  or exists (select from file_use fu join delivery d on d.document_id = fu.owner_id
              where fu.sha256 = ${sha256} and ${isAgency('d.holder_id')} and not d.withdrawn and d.state <> 2))`;

/** The allowed uses. */
export const usableAttachments = (
  reader: Reader,
  uses: readonly AttachmentUse[],
): Promise<UsableAttachment[]> =>
  reader.query<UsableAttachment>({
    name: 'usable_attachments',
    text: `select distinct w.caller_id, encode(f.sha256, 'hex') as sha256, f.size_bytes
             from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as w (caller_id, agency_id, sha256)
             join file f using (sha256)
            where ${mayUse('w.sha256', (column) => `${column} = w.agency_id`)}`,
    values: [
      uses.map((one) => one.callerId),
      uses.map((one) => one.agencyId),
      uses.map((one) => digestOf(one.sha256)),
    ],
  });

/** The file of a digest, if any of the agencies may use it. */
export async function readUsable(
  reader: Reader,
  sha256: string,
  agencyIds: readonly string[],
): Promise<StoredFile | undefined> {
  const [file] = await reader.query<StoredFile>({
    name: 'read_usable_attachment',
    text: `select ${FILE_COLUMNS} from file f
            where f.sha256 = $1 and ${mayUse('$1', (column) => `${column} = any($2::uuid[])`)}`,
    values: [digestOf(sha256), agencyIds],
  });
  return file;
}

/** The files of digests that any of the agencies may use. */
export const readUsableFiles = (
  reader: Reader,
  digests: readonly string[],
  agencyIds: readonly string[],
): Promise<StoredFile[]> =>
  reader.query<StoredFile>({
    name: 'read_usable_attachments',
    text: `select ${FILE_COLUMNS} from file f
            where f.sha256 = any($1::bytea[]) and ${mayUse('f.sha256', (column) => `${column} = any($2::uuid[])`)}`,
    values: [digests.map(digestOf), agencyIds],
  });

/** The most documents of a file that the record of its reads names. */
const MAX_CARRIERS = 20;

export interface Carrier extends Pick<DocumentRow, 'document_id' | 'issuer_id'> {
  /** Any of the agencies may read the file for it. */
  readable: boolean;
}

/** Documents that carry a file. Primary key of file_use, then delivery_by_document. */
export const readCarriers = (
  reader: Reader,
  sha256: string,
  agencyIds: readonly string[],
): Promise<Carrier[]> =>
  reader.query({
    name: 'read_attachment_carriers',
    text: `select doc.id as document_id, doc.issuer_id,
                  doc.issuer_id = any($2::uuid[])
                    or exists (select from delivery d
                                where d.document_id = doc.id and d.holder_id = any($2::uuid[])
                                  and not d.withdrawn and d.state <> 2) as readable
             from file_use fu join document doc on doc.id = fu.owner_id
            where fu.sha256 = $1
            order by readable desc limit ${MAX_CARRIERS}`,
    values: [digestOf(sha256), agencyIds],
  });
