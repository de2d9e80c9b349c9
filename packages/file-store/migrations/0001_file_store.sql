-- Content that can be used: whole, and of the digest it is kept under.
create table file (
  sha256 bytea primary key,
  blob_id uuid not null,
  -- The store that has the blob: 'postgresql' or 's3'.
  store text not null,
  size_bytes bigint not null,
  stored_at timestamptz not null default now(),
  -- Since when nothing carries it; null while something may. The sweep looks at file_use again before it deletes.
  unused_since timestamptz default now()
);
create index file_unused on file (unused_since) where unused_since is not null;
create index file_by_store on file (store, sha256);

-- Blobs in PostgreSQL. Rows of 512 KiB but the last of a blob; a row is read in parts without being decompressed.
create table file_chunk (
  blob_id uuid not null,
  n int not null,
  bytes bytea not null,
  primary key (blob_id, n)
);
alter table file_chunk alter column bytes set storage external;

-- Blobs without a file: uploads under way, and what is still to be deleted. A dead process's leftovers are found here.
create table file_orphan (
  blob_id uuid primary key,
  store text not null,
  since timestamptz not null default now(),
  -- The janitor deletes it; no upload may link it any more.
  dropping boolean not null default false
);
create index file_orphan_since on file_orphan (since);

-- The agencies that have shown to have the content by uploading it.
create table file_uploader (
  sha256 bytea not null references file on delete cascade,
  agency_id uuid not null,
  primary key (sha256, agency_id)
);

-- What carries a file, by the id of the aggregate. It may name a digest before its content is uploaded.
create table file_use (
  sha256 bytea not null,
  owner_id uuid not null,
  primary key (sha256, owner_id)
);
