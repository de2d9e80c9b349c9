-- Dossiers whose deadlines could not be computed again after a change: tried again until they can be.
create table recomputation_left (
  dossier_id uuid primary key,
  -- Of the latest change that left it: lienthong.casework.v1.RecomputeCause, and why, for people.
  cause smallint not null,
  reason text not null
);
