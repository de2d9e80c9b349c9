create table note (
  id int primary key,
  body text not null,
  on_date date,
  amount bigint
);
