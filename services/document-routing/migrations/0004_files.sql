-- Attachments move to the tables of package file-store, which its migrations have made just before, empty.
insert into file (sha256, blob_id, store, size_bytes, stored_at, unused_since)
select sha256, blob_id, 'postgresql', size_bytes, stored_at,
       case when exists (select from document_attachment d where d.sha256 = a.sha256) then null else now() end
  from attachment a;
insert into file_uploader (sha256, agency_id) select sha256, agency_id from attachment_uploader;
insert into file_orphan (blob_id, store, since) select blob_id, 'postgresql', started_at from attachment_upload;
insert into file_use (sha256, owner_id) select sha256, document_id from document_attachment;

-- The content itself is not copied: its table takes the place of the empty one.
drop table file_chunk;
alter table attachment_chunk rename to file_chunk;
alter index attachment_chunk_pkey rename to file_chunk_pkey;

drop table attachment_uploader;
drop table attachment_upload;
drop table attachment;
drop table document_attachment;
