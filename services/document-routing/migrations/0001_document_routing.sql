-- This service's copy of the directory's agencies, one row each, as the newest event left it.
create table agency (
  id uuid primary key,
  version bigint not null,
  -- lienthong.directory.v1.Agency
  record bytea not null,
  -- The value of agency_revision that wrote the row: what a process reads to bring its memory up to date.
  revision bigint not null
);
create index agency_by_revision on agency (revision);

-- One row: its lock makes revisions visible in their order.
create table agency_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into agency_revision (revision) values (0);

-- The next number of an issuer, a year and a notation. Its row is the lock under which numbers are drawn.
create table number_series (
  issuer_id uuid not null,
  year int not null,
  notation text not null,
  next bigint not null default 1,
  primary key (issuer_id, year, notation)
) with (fillfactor = 70);

-- Never changed once issued.
create table document (
  id uuid primary key,
  issuer_id uuid not null,
  issuer_name text not null,
  issuer_code text not null,
  number text not null,
  notation text not null,
  year int not null,
  -- The number without leading zeros, in lower case: "05" and "5" are one number.
  number_key text not null,
  type text not null,
  subject text not null,
  urgency smallint not null,
  steering smallint not null,
  business_kind smallint not null,
  promulgated_on date not null,
  due_on date,
  attachment_count int not null,
  issued_at timestamptz not null,
  -- Words of subject, number and notation without marks.
  words tsvector not null,
  -- lienthong.routing.v1.Document, whole.
  record bytea not null,
  unique (issuer_id, year, notation, number_key)
);
create index document_outbox on document (issuer_id, issued_at desc, id desc);
-- A small pending list: the insert that finds it full empties it, and should not stand for long.
create index document_by_words on document using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);

create table document_attachment (
  sha256 bytea not null,
  document_id uuid not null references document,
  primary key (sha256, document_id)
);

create table delivery (
  id uuid primary key,
  document_id uuid not null,
  addressed_to_id uuid not null,
  addressed_to_name text not null,
  addressed_to_code text not null,
  holder_id uuid not null,
  -- Null: the holder is called as addressed.
  holder_name text,
  holder_code text,
  state smallint not null,
  status smallint not null,
  work_status smallint not null,
  pending_kind smallint not null default 0,
  pending_document_id uuid,
  pending_reason text,
  sent_at timestamptz not null,
  status_at timestamptz,
  answered_by_id uuid,
  answered_at timestamptz,
  superseded_by_id uuid,
  -- Taken back before it arrived: in nobody's inbox.
  withdrawn boolean not null default false,
  version int not null,
  -- The document's, for the inbox's filters.
  type text not null,
  urgency smallint not null,
  steering smallint not null
) with (fillfactor = 85);
-- The inbox newest first, in two indexes: a delivery is in the first until its recipient says something, then in the
-- second, by status. Sending writes only the first; a delivery taken back before it arrived is in neither.
-- What filters look at is included, so that they need not visit the rows they pass over.
create index delivery_unarrived on delivery (holder_id, sent_at desc, id desc)
  include (document_id, type, urgency, steering) where status = 0 and not withdrawn;
create index delivery_arrived on delivery (holder_id, status, sent_at desc, id desc)
  include (document_id, type, urgency, steering) where status <> 0 and not withdrawn;
create index delivery_by_document on delivery (document_id, holder_id);

-- The history of a delivery: rows stay. Status 0 is a change that is no status (taken back unarrived, rerouted).
create table delivery_status (
  delivery_id uuid not null,
  version int not null,
  status smallint not null,
  reason text not null,
  assignee text not null,
  actor_agency_id text not null,
  actor_officer_id text not null,
  agency_name text not null,
  at timestamptz not null,
  -- lienthong.routing.v1.Reroute as JSON.
  reroute jsonb,
  primary key (delivery_id, version)
);

-- Content that can be used: whole, and of the digest it is kept under.
create table attachment (
  sha256 bytea primary key,
  blob_id uuid not null,
  size_bytes bigint not null,
  stored_at timestamptz not null default now()
);

-- Rows of 512 KiB but the last of a blob; a row is read in parts without being decompressed.
create table attachment_chunk (
  blob_id uuid not null,
  n int not null,
  bytes bytea not null,
  primary key (blob_id, n)
);
alter table attachment_chunk alter column bytes set storage external;

-- Uploads under way: blobs without an attachment. What an upload leaves behind when its process dies is found here.
create table attachment_upload (
  blob_id uuid primary key,
  started_at timestamptz not null default now()
);

-- Who has shown to have the content by uploading it.
create table attachment_uploader (
  sha256 bytea not null references attachment,
  agency_id uuid not null,
  primary key (sha256, agency_id)
);
