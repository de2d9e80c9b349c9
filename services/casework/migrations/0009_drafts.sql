-- Dossiers that are not finished; deleted some time after they were last saved.
create table dossier_draft (
  id uuid primary key,
  agency_id uuid not null,
  -- An applicant's account at a portal, or an officer's id.
  owner text not null,
  version bigint not null,
  -- lienthong.casework.v1.LodgeDossierRequest in Base 64, sealed: it has the applicant's identity and contacts.
  sealed text not null,
  sealing_key text not null generated always as (split_part(sealed, '.', 2)) stored,
  -- Digests of its papers.
  files text[] not null,
  saved_at timestamptz not null,
  saved_by text not null,
  expires_at timestamptz not null
);
create index dossier_draft_of_owner on dossier_draft (agency_id, owner);
create index dossier_draft_sealing_key on dossier_draft (sealing_key);
create index dossier_draft_expires on dossier_draft (expires_at);
