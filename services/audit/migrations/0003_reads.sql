-- An event that bundles reads is an entry for each of them: the parts of one position.
alter table entry
  -- 'event' or 'read'.
  add column kind text not null default 'event',
  -- Which of its event's reads a read is, from 0.
  add column part int not null default 0,
  -- The reason why a read was refused; null when it was allowed.
  add column denied text,
  -- What a read is about. An event has document_id and dossier_code instead.
  add column document_ids uuid[],
  add column dossier_codes text[];
alter table entry drop constraint entry_source_position_key;
alter table entry add unique (source, position, part);

-- Reads are many times more than events: neither kind is searched through the other.
drop index entry_agency;
drop index entry_actor_agency;
drop index entry_officer;
create index entry_agency on entry (agency_id, leaf) where kind = 'event' and agency_id is not null;
create index entry_actor_agency on entry (actor_agency_id, leaf) where kind = 'event' and actor_agency_id is not null;
create index entry_officer on entry (actor_officer_id, leaf) where kind = 'event' and actor_officer_id <> '';
create index read_agency on entry (agency_id, leaf) where kind = 'read' and agency_id is not null;
create index read_actor_agency on entry (actor_agency_id, leaf) where kind = 'read' and actor_agency_id is not null;
create index read_officer on entry (actor_officer_id, leaf) where kind = 'read' and actor_officer_id <> '';
create index read_documents on entry using gin (document_ids) where kind = 'read';
create index read_dossiers on entry using gin (dossier_codes) where kind = 'read';
