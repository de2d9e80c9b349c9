-- Who has a dossier while nobody there works on it (a consultation, a sub-procedure); null where an open task or the
-- intake says it. For the day that agency ends.
alter table dossier add column waits_with uuid;
create index dossier_waiting on dossier (waits_with) where waits_with is not null;
create index dossier_live on dossier (id) where live;

-- Changes of the working calendar after which open deadlines are still to be computed again, in their order. The row
-- goes when that is done.
create table recomputation (
  id bigint generated always as identity primary key,
  -- lienthong.casework.v1.RecomputeCause
  cause smallint not null,
  -- For people, Vietnamese.
  reason text not null,
  -- Whose office hours changed; null: everybody's calendar.
  agency_id uuid,
  -- Dossiers are gone through in the order of their ids; those up to this one are done.
  done_to uuid not null default '00000000-0000-0000-0000-000000000000'
);
