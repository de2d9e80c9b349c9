-- Documents that came in packages of other systems, by the id that the system gave. Of an issuer it is one document.
create table document_origin (
  issuer_id uuid not null,
  system text not null,
  foreign_id text not null,
  document_id uuid not null references document,
  package_sha256 text not null,
  primary key (issuer_id, system, foreign_id)
);
create index document_origin_by_foreign_id on document_origin (foreign_id);
