-- An agency's address that its feed is pushed to. A transaction that changes its deliveries holds the lock of its row.
create table webhook (
  id uuid primary key,
  agency_id uuid not null,
  url text not null,
  -- Full event types; empty: all.
  types text[] not null,
  description text not null,
  -- lienthong.feed.v1.WebhookState
  state smallint not null,
  -- Sealed (AES-256-GCM), bound to this row.
  secret text not null,
  previous_secret text,
  -- The previous secret signs too until then.
  previous_until timestamptz,
  -- Events of the feed up to this number have their delivery.
  cursor bigint not null,
  -- Events up to this one may have been delivered before.
  resend_until bigint not null default 0,
  created_at timestamptz not null,
  -- The version of its last event.
  version bigint not null,
  -- Failed attempts since the last success.
  failures int not null default 0,
  failing_since timestamptz,
  last_success_at timestamptz,
  last_error text not null default '',
  -- Nothing is sent before this time.
  rest_until timestamptz
) with (fillfactor = 50);
create index webhook_by_agency on webhook (agency_id, created_at, id);

-- What a webhook has still to be sent: events of the feed, or losses in their place. The row is deleted when it is delivered.
create table webhook_delivery (
  webhook_id uuid not null references webhook (id) on delete cascade,
  -- The event's number in the feed; of a loss, that of the last lost.
  position bigint not null,
  subject text not null,
  -- The event's; of a loss, its own.
  event_id uuid not null,
  type text not null,
  attempts int not null default 0,
  -- When it is sent; only the first delivery of a subject has a time, those behind it have null.
  next_at timestamptz,
  -- A process is sending it; without a recorded attempt by next_at it is sent again.
  leased boolean not null default false,
  -- It may have been delivered before.
  resend boolean not null,
  -- Its resend was requested while it was being sent.
  again boolean not null default false,
  -- Of a loss: how many events (0: unknown), the first, and why.
  lost_count int,
  first_position bigint,
  lost_reason text,
  primary key (webhook_id, position)
) with (fillfactor = 70);
create index webhook_delivery_subject on webhook_delivery (webhook_id, subject, position);
create index webhook_delivery_due on webhook_delivery (webhook_id, next_at) where next_at is not null;
create index webhook_delivery_first on webhook_delivery (webhook_id, subject) where next_at is not null;

create table webhook_attempt (
  id bigint generated always as identity primary key,
  webhook_id uuid not null references webhook (id) on delete cascade,
  event_id uuid not null,
  type text not null,
  subject text not null,
  number int not null,
  at timestamptz not null,
  duration_ms int not null,
  -- HTTP; 0: no answer
  status int not null,
  answer text not null,
  delivered boolean not null,
  next_at timestamptz
);
create index webhook_attempt_newest on webhook_attempt (webhook_id, id);
create index webhook_attempt_event on webhook_attempt (webhook_id, event_id, id);
create index webhook_attempt_old on webhook_attempt (at);
