-- The postings of officers: an index over the record, as agency_name is over an agency's.
create table officer_posting (
  officer_id uuid not null references officer,
  agency_id uuid not null references agency,
  head boolean not null,
  validity daterange not null check (not isempty(validity)),
  constraint one_posting_at_a_time exclude using gist (officer_id with =, validity with &&),
  constraint one_head_at_a_time_of_an_agency exclude using gist (agency_id with =, validity with &&) where (head)
);
create index officer_posting_agency on officer_posting (agency_id);

insert into officer_posting (officer_id, agency_id, head, validity)
select id, agency_id, head, validity from officer;

alter table officer drop column agency_id, drop column head, drop column validity;
