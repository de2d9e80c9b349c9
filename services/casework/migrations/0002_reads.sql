-- Dossiers nothing happens to any more, to be counted by status without visiting them. Those that are live are counted
-- in dossier_by_intake.
create index dossier_ended on dossier (intake_id, ended_as) where not live;

-- What a running dossier's statistics will need and only its earlier events say; the row goes when the dossier ends.
create table statistics_tally (
  dossier_id uuid primary key,
  -- Tally of src/domain/statistics/tally.ts as JSON.
  record text not null
) with (fillfactor = 70);

-- How each ended dossier (task_number 0) and each closed task of one went. Written once; writing it again changes
-- nothing.
create table statistics_fact (
  dossier_id uuid not null,
  task_number int not null,
  -- A dossier's intake agency, a task's own.
  agency_id uuid not null,
  procedure_code text not null,
  procedure_version int not null,
  -- Key of the workflow's block; '' for a dossier.
  step_key text not null,
  -- In Vietnam.
  ended_on date not null,
  -- National status: 9 finished (also of tasks), 3 refused, 7 withdrawn.
  outcome smallint not null,
  -- -1 on an earlier working day than the deadline's, 0 in time, 1 late; null without a deadline.
  against smallint,
  extended boolean not null,
  supplements smallint not null,
  -- Minutes of office hours; null for what was never accepted.
  taken double precision,
  allowed double precision,
  elsewhere double precision,
  primary key (dossier_id, task_number)
);
-- A period of one agency, of some, or of all, each read from its own place.
create index statistics_of_dossiers on statistics_fact (agency_id, ended_on) where task_number = 0;
create index statistics_of_tasks on statistics_fact (agency_id, ended_on) where task_number > 0;
