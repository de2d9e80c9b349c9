-- Who solves the matter, where that is not the intake agency. For the day that agency ends.
alter table dossier add column competent_id uuid;
create index dossier_by_competent on dossier (competent_id) where live and competent_id is not null;
