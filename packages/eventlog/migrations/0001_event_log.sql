-- The record of what happened in one service. Rows are never changed but for their position, once.
create table event (
  -- Drawn after the aggregate's lock, so that its order is commit order per aggregate.
  id bigint generated always as identity primary key,
  -- The place in the published order: gapless, given after commit; null until then.
  position bigint,
  event_id uuid not null,
  type text not null,
  aggregate_id uuid not null,
  version bigint not null,
  subject text not null,
  agency_id text not null,
  document_id text not null,
  dossier_code text not null,
  actor_agency_id text not null,
  actor_officer_id text not null,
  occurred_at timestamptz not null,
  traceparent text not null,
  payload bytea not null,
  unique (aggregate_id, version)
) with (fillfactor = 60);

create unique index event_position on event (position) where position is not null;
-- What the relay has still to number; empty but for the last moment, so it stays small.
create index event_unsequenced on event (id) where position is null;

-- The reply to every mutation that was carried out, so that the same request_id is answered the same.
create table request (
  request_id uuid not null,
  caller text not null,
  method text not null,
  request_hash bytea not null,
  reply bytea not null,
  created_at timestamptz not null default now(),
  primary key (request_id, caller, method)
);
create index request_created on request using brin (created_at);

-- How far each consumer of this service has applied each source.
create table consumer_cursor (
  name text not null,
  source text not null,
  position bigint not null,
  primary key (name, source)
);

-- Events a consumer could not apply, and the later ones of the same aggregates that wait behind them.
create table parked_event (
  consumer text not null,
  source text not null,
  position bigint not null,
  event_id text not null,
  type text not null,
  aggregate_id text not null,
  attributes jsonb not null,
  payload bytea not null,
  error text not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, source, position)
);
create index parked_event_aggregate on parked_event (consumer, source, aggregate_id);
