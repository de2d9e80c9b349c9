-- The years of the working calendar that were decided in the directory, in the same way as agencies and officers.
create table calendar_year (
  id uuid primary key,
  version bigint not null,
  -- lienthong.directory.v1.CalendarYear
  record bytea not null,
  revision bigint not null
);
create index calendar_year_by_revision on calendar_year (revision);

create table calendar_year_revision (
  one boolean primary key default true check (one),
  revision bigint not null
);
insert into calendar_year_revision (revision) values (0);
