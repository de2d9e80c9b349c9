-- Whether a fact is of a dossier that the platform lodged for a sub-procedure of another.
alter table statistics_fact add column of_sub_procedure boolean not null default false;
update statistics_fact f set of_sub_procedure = true
  from dossier d
 where d.id = f.dossier_id and d.parent_id is not null;

-- The values of a dossier's data that officers changed, by the version of the event that the change came with: events
-- carry no data of a dossier.
create table data_change (
  dossier_id uuid not null,
  version bigint not null,
  key text not null,
  -- '' for no value.
  before text not null,
  after text not null,
  primary key (dossier_id, version, key)
);

-- A withdrawn dossier (status 7) promises no result.
update dossier
   set due_at = null, record = (record::jsonb - array['clock', 'dueAt', 'provisional'])::text
 where status = 7 and due_at is not null;
