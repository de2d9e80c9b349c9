-- Files are kept here since package file-store. Digests that dossiers already name are carried; their content can be
-- used once somebody uploads it.
insert into file_use (sha256, owner_id)
select distinct decode(named ->> 'sha256', 'hex'), d.id
  from dossier d,
       lateral (select d.record::jsonb as record) r,
       jsonb_array_elements(coalesce(r.record -> 'papers', '[]') || coalesce(r.record -> 'results', '[]')) as named
 where named ->> 'sha256' ~ '^[0-9a-f]{64}$';
