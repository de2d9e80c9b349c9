-- The key that seals page tokens: drawn once, the same for all processes of the service, kept by restarts and backups.
create table page_token_key (
  one boolean primary key default true check (one),
  key bytea   not null check (length(key) = 32)
);
insert into page_token_key (key) values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
