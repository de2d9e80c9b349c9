-- Contacts are sealed (AES-256-GCM); no table holds one in clear.
create table officer_contact (
  officer_id text primary key,
  email text,
  phone text,
  changed_at timestamptz not null
);

-- Preferences of officers, and of agencies for their officers without own preferences.
create table preference (
  -- 1 officer, 2 agency
  owner_kind smallint not null,
  owner_id text not null,
  -- lienthong.notification.v1.Preferences
  record bytea not null,
  changed_at timestamptz not null,
  primary key (owner_kind, owner_id)
);

-- Dossiers that can be followed.
create table dossier (
  id uuid primary key,
  code text not null unique,
  -- SHA-256 of id and tracking secret, from the event.
  tracking_digest bytea not null,
  status smallint not null
);

-- Citizens who follow a dossier, one contact for each dossier.
create table follower (
  dossier_id uuid primary key references dossier (id),
  email text,
  phone text,
  -- lienthong.notification.v1.Language
  language smallint not null,
  since timestamptz not null
);

-- The labels of documents for messages.
create table document (
  id uuid primary key,
  number text not null,
  subject text not null,
  issuer_name text not null
);

-- Dates by which a directive must be answered or a task of it must be done.
create table directive_date (
  document_id uuid not null,
  due_on date not null,
  -- The task; empty: the directive itself.
  task text not null,
  primary key (document_id, due_on, task)
);

-- Agencies that must be reminded of such a date. The row is deleted with the reminder, and when the directive is answered
-- or recalled.
create table reminder (
  delivery_id uuid not null,
  document_id uuid not null,
  agency_id uuid not null,
  due_on date not null,
  task text not null,
  primary key (delivery_id, due_on, task)
);
create index reminder_due on reminder (due_on, delivery_id, task);

-- One message to one recipient by one channel.
create table notification (
  id uuid primary key,
  -- The order of planning.
  n bigint not null generated always as identity,
  event_id uuid not null,
  -- 1 officer, 2 agency, 3 citizen (by the dossier followed)
  recipient_kind smallint not null,
  recipient_id text not null,
  -- The agency whose calendar gives the quiet hours; null for citizens.
  agency_id uuid,
  -- 0: a digest
  topic smallint not null,
  channel smallint not null,
  priority smallint not null,
  state smallint not null,
  language smallint not null,
  dossier_code text not null,
  document_id text not null,
  -- The values of the template; no contact.
  content jsonb not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  -- Only in office hours.
  quiet boolean not null,
  -- Waits to be collected.
  digest boolean not null,
  digest_id uuid,
  template_key text not null,
  template_version int not null default 0,
  -- In-app only: the text.
  title text not null default '',
  body text not null default '',
  read_at timestamptz,
  tries int not null default 0,
  -- Attempts that the provider refused for a time.
  failures int not null default 0,
  -- By the database's clock: until then it belongs to a sender.
  leased_until timestamptz,
  lease uuid,
  unique (event_id, recipient_id, topic, channel)
);
create index notification_to_send on notification (channel, priority, due_at, n) where state = 1 and not digest;
create index notification_to_digest on notification (channel, due_at, recipient_id) where state = 1 and digest;
create index notification_in_turn on notification (recipient_id, channel, n) where state = 1 and not digest;
create index notification_messages on notification (recipient_id, n desc) where channel = 1;
create index notification_unread on notification (recipient_id, n) where channel = 1 and read_at is null;
create index notification_failed on notification (channel, n) where state = 4;
create index notification_of_recipient on notification (recipient_id, n desc);
create index notification_of_dossier on notification (dossier_code, n desc) where dossier_code <> '';
create index notification_newest on notification (n desc);

create table attempt (
  notification_id uuid not null references notification (id) on delete cascade,
  number int not null,
  at timestamptz not null,
  -- Null until there is an answer: a process that died had none.
  duration_ms int,
  accepted boolean not null default false,
  -- Without contacts.
  answer text not null default '',
  next_at timestamptz,
  primary key (notification_id, number)
);

-- Whether each provider works. The row's lock lets one sender of all processes claim at a time.
create table circuit (
  channel smallint primary key,
  -- How often in a row the provider was unavailable.
  failures int not null default 0,
  -- It gets no message until then.
  open_until timestamptz,
  -- One message probes the provider until then.
  probing_until timestamptz,
  -- Messages of a batch while the provider recovers; null: a whole batch.
  allowance int
);
insert into circuit (channel) values (2), (3), (4);

-- Versions of templates saved by operators; version 1 of each is shipped.
create table template (
  key text not null,
  version int not null,
  title text not null,
  body text not null,
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (key, version)
);
