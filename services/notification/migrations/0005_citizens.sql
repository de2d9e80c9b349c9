-- What the citizen knows of a dossier: the state after the last event that changed it.
alter table dossier
  add column version bigint not null default 0,
  add column due_at timestamptz,
  add column due_provisional boolean not null default false,
  add column lodged_at timestamptz;

-- By which channel the citizen is notified; 0: by e-mail, or by SMS without an e-mail address.
alter table follower add column channel smallint not null default 0;
