-- Entries are the leaves of a Merkle tree, numbered from 0 without gaps in the order of their commits: a writer draws
-- its numbers from this one row, whose lock lasts until commit.
create table entry_head (leaves bigint not null);

alter table entry disable trigger entry_append_only;
alter table entry add column leaf bigint, add column salt bytea;
update entry e set leaf = n.leaf, salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
  from (select id, row_number() over (order by id) - 1 as leaf from entry) n
 where n.id = e.id;
alter table entry enable trigger entry_append_only;
insert into entry_head (leaves) select count(*) from entry;

-- The leaf takes the place of the id, which had gaps. The column's indexes go with it.
alter table entry drop column id;
alter table entry add primary key (leaf);
-- The secret key of the commitment to the payload.
alter table entry alter column salt set not null;
create index entry_document on entry (document_id, leaf) where document_id is not null;
create index entry_dossier on entry (dossier_code, leaf) where dossier_code <> '';
create index entry_agency on entry (agency_id, leaf) where agency_id is not null;
create index entry_actor_agency on entry (actor_agency_id, leaf) where actor_agency_id is not null;
create index entry_officer on entry (actor_officer_id, leaf) where actor_officer_id <> '';
create index entry_event on entry (event_id);

-- How many leaves the tiles hold: the entries up to here are in the tree.
create table tree_head (size bigint not null);
insert into tree_head (size) values (0);

-- C2SP tlog-tiles. The last tile of a level grows until it holds 256 hashes.
create table tile (
  -- Hashes of nodes at level 8 × level of the tree; -1: the entries themselves.
  level smallint not null,
  index bigint not null,
  -- 32 bytes each.
  hashes bytea not null,
  primary key (level, index)
);
-- Hashes do not compress.
alter table tile alter column hashes set storage external;

-- What the log has signed. A checkpoint is published once as many witnesses have cosigned it as AUDIT_WITNESS_QUORUM.
create table checkpoint (
  origin text not null,
  size bigint not null,
  -- The signed note, with the cosignatures so far.
  note text not null,
  cosignatures int not null default 0,
  published boolean not null,
  signed_at timestamptz not null default now(),
  primary key (origin, size)
);
create index checkpoint_published on checkpoint (origin, size) where published;
