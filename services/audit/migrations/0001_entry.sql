-- Every event of every service, in the order it was recorded. Nothing here is ever changed or removed.
create table entry (
  id bigint generated always as identity primary key,
  source text not null,
  position bigint not null,
  event_id uuid not null,
  type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  actor_agency_id uuid,
  actor_officer_id text not null,
  aggregate_id uuid not null,
  aggregate_version bigint not null,
  document_id uuid,
  dossier_code text not null,
  -- The agency the event concerns.
  agency_id uuid,
  traceparent text not null,
  payload bytea not null,
  unique (source, position)
);

create index entry_document on entry (document_id, id) where document_id is not null;
create index entry_dossier on entry (dossier_code, id) where dossier_code <> '';
create index entry_agency on entry (agency_id, id) where agency_id is not null;
create index entry_actor_agency on entry (actor_agency_id, id) where actor_agency_id is not null;
create index entry_officer on entry (actor_officer_id, id) where actor_officer_id <> '';
-- Entries arrive nearly in the order of their time: a block range index finds a period and costs no write.
create index entry_time on entry using brin (occurred_at) with (autosummarize = on);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'entries are append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger entry_append_only before update or delete or truncate on entry
  for each statement execute function refuse_change();
