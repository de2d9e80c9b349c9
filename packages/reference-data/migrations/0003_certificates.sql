-- The certificates of agencies' systems, in the same way as agencies and officers.
create table certificate (
  id uuid primary key,
  version bigint not null,
  -- lienthong.directory.v1.SystemCertificate
  record bytea not null,
  revision bigint not null
);
create index certificate_by_revision on certificate (revision);

create table certificate_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into certificate_revision (revision) values (0);
