-- One row for each trace, summed up from its spans as they come. Times are microseconds since 1970.
create table trace (
  trace_id bytea primary key,
  -- Of the earliest span.
  name text not null,
  service text not null,
  started_us bigint not null,
  ended_us bigint not null,
  spans int not null,
  failed int not null,
  bytes bigint not null
);
create index trace_time on trace (started_us, trace_id);
create index trace_failed on trace (started_us, trace_id) where failed > 0;
create index trace_end on trace (ended_us);

create table span (
  trace_id bytea not null references trace on delete cascade,
  span_id bytea not null,
  -- Empty for none.
  parent_id bytea not null,
  name text not null,
  service text not null,
  kind smallint not null,
  started_us bigint not null,
  duration_us bigint not null,
  failed boolean not null,
  -- Keys and values in turns.
  attributes text[] not null,
  -- Trace ids and span ids in turns.
  links text[] not null,
  primary key (trace_id, span_id)
);

-- What a trace is about: its dossiers, documents and agencies.
create table trace_story (
  trace_id bytea not null references trace on delete cascade,
  -- 1 dossier, 2 document, 3 agency.
  kind smallint not null,
  value text not null,
  primary key (trace_id, kind, value)
);
create index trace_story_value on trace_story (kind, value, trace_id);
