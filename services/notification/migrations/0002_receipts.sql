-- How often an operator has resent the message; the provider gets a new key each time.
alter table notification add column round int not null default 0;
-- The state from a receipt that arrived before the result of the running attempt was recorded: failed.
alter table notification add column receipt smallint;
-- Index notification_of_recipient finds them as well, and every message cost one more entry.
drop index notification_messages;

-- The provider's own id, if there is one, and its later receipt.
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

-- The key that sealed a row, to find rows of older keys.
alter table officer_contact
  add column sealing_key text generated always as (split_part(coalesce(email, phone), '.', 2)) stored;
alter table follower
  add column sealing_key text generated always as (split_part(coalesce(email, phone), '.', 2)) stored;
alter table agency_endpoint add column sealing_key text generated always as (split_part(url, '.', 2)) stored;
create index officer_contact_sealing on officer_contact (sealing_key);
create index follower_sealing on follower (sealing_key);
create index agency_endpoint_sealing on agency_endpoint (sealing_key);
