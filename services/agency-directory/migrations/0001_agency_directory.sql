-- btree_gist lets an exclusion constraint compare a code with = and its validity with &&.
create extension if not exists btree_gist with schema public;
create extension if not exists pg_trgm with schema public;

-- One row: the lock every change of the register takes, and the number of the last change.
create table register (
  only_row boolean primary key default true check (only_row),
  change bigint not null
);
insert into register (change) values (0);

create table agency (
  id uuid primary key,
  validity daterange not null check (not isempty(validity)),
  -- lienthong.directory.v1.Agency: the whole history; the tables below are indexes over it.
  record bytea not null,
  version bigint not null check (version > 0),
  -- The register's change that wrote this record, so that a cached register reads only what is newer.
  changed bigint not null
);
create index agency_changed on agency (changed);

-- The constraints are the last guard behind the domain's own checks.
create table agency_code (
  agency_id uuid not null references agency,
  scheme text not null,
  code text not null,
  validity daterange not null check (not isempty(validity)),
  constraint code_names_one_agency_at_a_time exclude using gist (code with =, scheme with =, validity with &&)
);
create index agency_code_agency on agency_code (agency_id);

create table agency_name (
  agency_id uuid not null references agency,
  -- Without marks and case, the same for every Unicode form.
  search_key text collate "C" not null,
  validity daterange not null check (not isempty(validity)),
  constraint one_name_at_a_time exclude using gist (agency_id with =, validity with &&)
);
create index agency_name_search on agency_name using gin (search_key gin_trgm_ops);

create table agency_placement (
  agency_id uuid not null references agency,
  parent_id uuid references agency deferrable initially deferred,
  tier smallint not null,
  validity daterange not null check (not isempty(validity)),
  constraint one_parent_at_a_time exclude using gist (agency_id with =, validity with &&)
);
create index agency_placement_parent on agency_placement (parent_id, tier);

create table agency_function (
  agency_id uuid not null references agency,
  function text not null,
  validity daterange not null check (not isempty(validity)),
  constraint function_held_once_at_a_time exclude using gist (agency_id with =, function with =, validity with &&)
);

create table succession (
  predecessor_id uuid not null references agency,
  successor_id uuid not null references agency deferrable initially deferred,
  primary key (predecessor_id, successor_id)
);
create index succession_successor on succession (successor_id);

create table officer (
  id uuid primary key,
  agency_id uuid not null references agency,
  head boolean not null,
  search_key text collate "C" not null,
  validity daterange not null check (not isempty(validity)),
  -- lienthong.directory.v1.Officer
  record bytea not null,
  version bigint not null check (version > 0),
  constraint one_head_at_a_time exclude using gist (agency_id with =, validity with &&) where (head)
);
create index officer_agency on officer (agency_id);
