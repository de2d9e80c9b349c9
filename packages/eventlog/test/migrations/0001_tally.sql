create table tally (id uuid primary key, n integer not null constraint tally_bounded check (n <= 1000));
-- What consumers under test have applied, in the order they did.
create table applied (
  id bigint generated always as identity primary key,
  consumer text not null,
  position bigint not null,
  aggregate_id uuid not null,
  version bigint not null
);
