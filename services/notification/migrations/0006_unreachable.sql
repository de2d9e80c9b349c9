-- Since when mails to the address do not arrive; setting an address clears it.
alter table officer_contact add column email_failed_at timestamptz;
alter table follower add column email_failed_at timestamptz;

-- The agency that took a dossier in, and its officer, who is notified of a citizen's address.
alter table dossier
  add column intake_agency_id text not null default '',
  add column receiver_id text not null default '';
