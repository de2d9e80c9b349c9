-- One row. The numbers of events are drawn under its lock, which lasts until commit: a reader that has seen a number has
-- seen all before it, although several sources write at once.
create table feed_head (
  one boolean primary key default true check (one),
  -- Names this feed in its cursors; a new database is another feed.
  id uuid not null default gen_random_uuid(),
  -- The number given last; there are no gaps.
  seq bigint not null,
  -- Events up to this number are not kept any more.
  forgotten bigint not null
) with (fillfactor = 20);
insert into feed_head (seq, forgotten) values (0, 0);

-- Every event, once.
create table feed_event (
  seq bigint primary key,
  event_id uuid not null unique,
  source text not null,
  type text not null,
  aggregate_id uuid not null,
  version bigint not null,
  occurred_at timestamptz not null,
  -- In the order of seq, except where the clocks of several processes differ.
  recorded_at timestamptz not null,
  actor_agency_id text not null,
  actor_officer_id text not null,
  dossier_code text not null,
  document_id text not null,
  traceparent text not null,
  -- The agencies that it concerns, or one of the reserved ids of src/domain/audience.ts.
  audience uuid[] not null,
  payload bytea not null
);

-- The same by agency, for reading from a cursor on.
create table feed_entry (
  agency_id uuid not null,
  seq bigint not null,
  primary key (agency_id, seq)
);

-- The agencies with open tasks in a dossier: events of the dossier as a whole concern them.
create table open_task (
  dossier_id uuid not null,
  number int not null,
  agency_id uuid not null,
  primary key (dossier_id, number)
);
