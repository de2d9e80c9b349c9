-- Sent again by an operator so often: each time is one of its own for the provider.
alter table notification add column round int not null default 0;
-- What the provider said of the try that is under way before its answer was written down: 4 failed.
alter table notification add column receipt smallint;
-- One walk of notification_of_recipient finds them as well, and every message cost an entry more.
drop index notification_messages;

-- The provider's own id, where it has one, and what it said later.
alter table attempt
  add column provider_id text,
  add column receipt text not null default '',
  add column receipt_at timestamptz;
create index attempt_of_provider on attempt (provider_id) where provider_id is not null;

-- Where the channel webhook goes for an agency's people. Both are sealed: an address may hold a secret too.
create table agency_endpoint (
  agency_id uuid primary key,
  url text not null,
  secret text not null,
  origin text not null,
  changed_at timestamptz not null
);

-- Which key sealed a row, to find those of older keys.
alter table officer_contact
  add column sealing_key text generated always as (split_part(coalesce(email, phone), '.', 2)) stored;
alter table follower
  add column sealing_key text generated always as (split_part(coalesce(email, phone), '.', 2)) stored;
alter table agency_endpoint add column sealing_key text generated always as (split_part(url, '.', 2)) stored;
create index officer_contact_sealing on officer_contact (sealing_key);
create index follower_sealing on follower (sealing_key);
create index agency_endpoint_sealing on agency_endpoint (sealing_key);
