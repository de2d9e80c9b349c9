-- Dossiers as they stand. What is asked for by a column is one; everything is in `record`.
-- A dossier is written by every command on it: room on its page, and no index over what changes with each step, keep
-- these updates within the page (HOT).
create table dossier (
  id uuid primary key,
  code text not null unique,
  version bigint not null,
  status smallint not null,
  -- False once refused, withdrawn or returned: nothing happens to it any more.
  live boolean not null,
  -- The status it ended with: for an index that the changes of a live dossier leave alone.
  ended_as smallint generated always as (case when live then null else status end) stored,
  procedure_id uuid not null,
  procedure_code text not null,
  intake_id uuid not null,
  -- Who has it now.
  holder_id uuid not null,
  lodged_at timestamptz not null,
  -- Null before acceptance and while paused.
  due_at timestamptz,
  urgency smallint not null,
  timer_at timestamptz,
  -- The dossier whose sub-procedure this is.
  parent_id uuid,
  -- Dossier of src/domain/state.ts as JSON, open tasks included; what is empty is left out.
  record text not null
) with (fillfactor = 65);
create index dossier_by_intake on dossier (intake_id) where live;
create index dossier_timer on dossier (timer_at) where timer_at is not null;

-- Every task there was; those that are open are in their dossier's record as well.
create table task (
  dossier_id uuid not null,
  number int not null,
  agency_id uuid not null,
  -- '' for nobody.
  assignee_id text not null,
  kind smallint not null,
  state smallint not null,
  urgency smallint not null,
  -- 'infinity' while paused, and without a limit: comes after all deadlines.
  due_at timestamptz not null,
  timer_at timestamptz,
  procedure_code text not null,
  -- Task of src/domain/state.ts as JSON; what is empty is left out.
  record text not null,
  primary key (dossier_id, number)
) with (fillfactor = 90);
-- Work lists by deadline, of an agency and of one officer (or of nobody). Only what is open is in them.
create index task_work on task (agency_id, due_at, dossier_id, number) where state = 1;
create index task_work_of on task (agency_id, assignee_id, due_at, dossier_id, number) where state = 1;
create index task_timer on task (timer_at) where state = 1 and timer_at is not null;

-- Agencies that take part or took part in a dossier, newest dossier first. Rows stay.
create table participant (
  agency_id uuid not null,
  lodged_at timestamptz not null,
  dossier_id uuid not null,
  procedure_code text not null,
  -- The status the dossier ended with; 0 while it is live.
  ended_as smallint not null default 0,
  primary key (agency_id, lodged_at, dossier_id)
);
-- Lists by status and by procedure. Of a live dossier the status is asked of its own row.
create index participant_by_end on participant (agency_id, ended_as, lodged_at, dossier_id);
create index participant_by_procedure on participant (agency_id, procedure_code, lodged_at, dossier_id);

-- Personal data, kept apart: in no event and in no other table. Written once.
create table applicant (
  dossier_id uuid primary key,
  -- lienthong.casework.v1.Applicant as JSON.
  record text not null,
  -- Words of the dossier's code, its procedure and the applicant, without marks.
  words tsvector not null
);
-- A small pending list: the insert that finds it full empties it, and should not stand for long.
create index applicant_by_words on applicant using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);

-- The next dossier number of an agency's code on a day. Its row is the lock under which numbers are drawn.
create table dossier_number (
  -- H61.29542-260115
  prefix text primary key,
  next int not null default 1
) with (fillfactor = 50);

-- This service's copy of the procedures that were ever in force, one row for each version of one.
create table procedure (
  id uuid primary key,
  -- Of the event that wrote the row.
  version bigint not null,
  -- lienthong.registry.v1.Procedure
  record bytea not null,
  -- The value of procedure_revision that wrote the row: what a process reads to bring its memory up to date.
  revision bigint not null
);
create index procedure_by_revision on procedure (revision);

-- One row: its lock makes revisions visible in their order.
create table procedure_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into procedure_revision (revision) values (0);
