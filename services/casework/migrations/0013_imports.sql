-- Dossiers of other one-stop systems on their way in. An import has lines, which go when their dossier has come.
create table dossier_import (
  -- Chosen by the caller.
  id uuid primary key,
  agency_id uuid not null,
  -- Name of the other system.
  system text not null,
  -- lienthong.casework.v1.ImportState
  state smallint not null,
  imported int not null default 0,
  staged_at timestamptz not null,
  -- Who had it carried out, and when.
  ordered_by text not null default '',
  ordered_at timestamptz,
  done_at timestamptz
);
create index dossier_import_under_way on dossier_import (ordered_at) where state = 2;
create index dossier_import_staged on dossier_import (staged_at) where state = 1;

create table staged_dossier (
  import_id uuid not null,
  -- From 0.
  line int not null,
  dossier_id uuid not null,
  -- '' of a line with faults.
  code text not null,
  -- JSON of Fault of src/domain/imports/line.ts; null: none.
  faults text,
  -- As in tables dossier and task.
  record text not null default '',
  tasks text[] not null default '{}',
  -- lienthong.casework.v1.DossierImported
  event bytea not null default '',
  agency_code text not null default '',
  -- What the other system noted, JSON.
  notes text not null default '[]',
  -- Digests of its files.
  files text[] not null default '{}',
  -- lienthong.casework.v1.Applicant as JSON, sealed; '' of a line with faults.
  sealed text not null default '',
  sealing_key text not null generated always as (split_part(sealed, '.', 2)) stored,
  primary key (import_id, line)
);
create index staged_dossier_code on staged_dossier (code) where code <> '';
create index staged_dossier_id on staged_dossier (dossier_id);
create index staged_dossier_sealing_key on staged_dossier (sealing_key);

-- What other systems noted on dossiers, JSON of PastNote of src/domain/dossier/state.ts.
create table imported_note (
  dossier_id uuid primary key,
  notes text not null
);
