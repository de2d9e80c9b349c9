-- btree_gist lets an exclusion constraint compare a code with = and a period with &&.
create extension if not exists btree_gist with schema public;

-- One row: the lock that every change takes, for what one version may be depends on the others.
create table registry (
  only_row boolean primary key default true check (only_row)
);
insert into registry default values;

-- One procedure code: the aggregate. It stays when its first draft is discarded.
create table procedure (
  code text primary key,
  id uuid not null unique,
  last_event bigint not null
);

create table version (
  id uuid primary key,
  code text not null references procedure,
  version int not null check (version > 0),
  -- lienthong.registry.v1.ProcedureState
  state smallint not null,
  -- Set with publication; ended_on is exclusive.
  effective_on date,
  ended_on date check (ended_on > effective_on),
  -- Without marks and case, the same for every Unicode form.
  name_key text collate "C" not null,
  field_key text not null,
  tiers smallint[] not null,
  -- Agencies it names, whichever part they take.
  agency_ids uuid[] not null,
  -- Codes of its sub-procedures.
  calls text[] not null,
  -- Words of name, code, keywords and field without marks.
  words tsvector not null,
  -- lienthong.registry.v1.ProcedureSummary, for lists.
  summary bytea not null,
  -- lienthong.registry.v1.Procedure, whole.
  record bytea not null,
  unique (code, version),
  -- The last guard behind the domain's own checks.
  constraint one_in_force_at_a_time exclude using gist (code with =, daterange(effective_on, ended_on) with &&)
    where (effective_on is not null) deferrable initially deferred
);
create unique index version_draft on version (code) where state in (1, 2);
create index version_in_force on version using gist (daterange(effective_on, ended_on)) where effective_on is not null;
create index version_calls on version using gin (calls);
