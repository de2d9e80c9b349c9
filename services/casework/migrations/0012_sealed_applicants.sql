-- What identifies and reaches the applicant and the submitter, sealed; the service seals rows from before after its
-- start. `record` has the rest then.
alter table applicant
  add column sealed text,
  add column sealing_key text generated always as (split_part(sealed, '.', 2)) stored,
  -- Keyed digests of identity and telephone numbers, by which dossiers are found.
  add column lookup text[] not null default '{}';
create index applicant_sealing on applicant (sealing_key);
create index applicant_unsealed on applicant (dossier_id) where sealed is null;
create index applicant_by_lookup on applicant using gin (lookup) with (fastupdate = on, gin_pending_list_limit = 256);
