-- Certificates of agencies' systems, in the form in which other services keep their copies, with columns to find them by.
create table certificate (
  id uuid primary key,
  version bigint not null check (version > 0),
  -- lienthong.directory.v1.SystemCertificate
  record bytea not null,
  -- The value of certificate_revision that wrote the row.
  revision bigint not null,
  agency_id uuid not null references agency,
  system text not null,
  -- A fingerprint is registered once for good: what is revoked stays revoked.
  fingerprint text not null unique
);
create index certificate_by_revision on certificate (revision);
create index certificate_of_agency on certificate (agency_id, system, id);

-- One row: its lock orders the changes.
create table certificate_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into certificate_revision (revision) values (0);
