-- The register's change that wrote an officer's record, as agencies have it: a cache reads only what is newer.
alter table officer add column changed bigint not null default 1;
create index officer_changed on officer (changed);
alter table officer alter column changed drop default;
-- A cache that has read nothing begins after change 0.
update register set change = 1 where change = 0;
