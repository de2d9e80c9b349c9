-- How far the slice of an agency reaches in the feed, noted from time to time: behind its last event there may be many
-- that are not for the agency, and those are forgotten some day.
create table slice (
  agency_id uuid primary key,
  -- The last sequence of its stream; the note counts only while the stream ends there.
  stream_seq bigint not null,
  seq bigint not null
);
