import type { Reader } from '@lienthong/kit';

/** An agency that wants to use some content, as itself or for one it stands for. */
export interface AttachmentWish {
  callerId: string;
  /** The caller, or an agency it stands for. */
  agencyId: string;
  sha256: string;
}

export interface Usable {
  caller_id: string;
  sha256: string;
  blob_id: string;
  size_bytes: number;
}

/**
 * The content among the wishes that may be used: uploaded by the agency, in a document it issued, or in one it has.
 * A delivery that was taken back, before or after arrival, gives nothing any more.
 * Per wish: primary keys of attachment, attachment_uploader, document_attachment, then delivery_by_document.
 */
export const usableAttachments = (reader: Reader, wishes: readonly AttachmentWish[]): Promise<Usable[]> =>
  reader.query<Usable>({
    name: 'usable_attachments',
    text: `select distinct w.caller_id, encode(a.sha256, 'hex') as sha256, a.blob_id, a.size_bytes
             from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as w (caller_id, agency_id, sha256)
             join attachment a using (sha256)
            where exists (select from attachment_uploader u where u.sha256 = w.sha256 and u.agency_id = w.agency_id)
               or exists (select from document_attachment da join document doc on doc.id = da.document_id
                           where da.sha256 = w.sha256 and doc.issuer_id = w.agency_id)
               or exists (select from document_attachment da join delivery d on d.document_id = da.document_id
                           where da.sha256 = w.sha256 and d.holder_id = w.agency_id
                             and not d.withdrawn and d.state <> 2)`,
    values: [
      wishes.map((one) => one.callerId),
      wishes.map((one) => one.agencyId),
      wishes.map((one) => Buffer.from(one.sha256, 'hex')),
    ],
  });
