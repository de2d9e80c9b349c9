-- The years of the working calendar that were decided; all others are as the platform comes with them.
create table calendar_year (
  year integer primary key,
  -- Of its events.
  id uuid not null unique,
  -- lienthong.directory.v1.CalendarYear
  record bytea not null,
  version bigint not null check (version > 0)
);
