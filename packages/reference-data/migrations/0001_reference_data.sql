-- "If not exists": document-routing's first migration has made agency and agency_revision itself, in this very form,
-- before other services needed them. An applied migration is never edited, so those tables stay as they are found.

-- The directory's agencies, one row each, as the newest event left it.
create table if not exists agency (
  id uuid primary key,
  version bigint not null,
  -- lienthong.directory.v1.Agency
  record bytea not null,
  -- The value of agency_revision that wrote the row: what a process reads to bring its memory up to date.
  revision bigint not null
);
create index if not exists agency_by_revision on agency (revision);

-- One row: its lock makes revisions visible in their order.
create table if not exists agency_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into agency_revision (revision) values (0) on conflict do nothing;

-- The directory's officers, in the same way.
create table officer (
  id uuid primary key,
  version bigint not null,
  -- lienthong.directory.v1.Officer
  record bytea not null,
  revision bigint not null
);
create index officer_by_revision on officer (revision);

create table officer_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into officer_revision (revision) values (0);
