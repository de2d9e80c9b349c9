-- Events get their position as they are written, under the lock of this one row, which lasts until commit: what can
-- be seen has no gap, and nothing comes in below it later.
create table event_head (position bigint not null);

with waiting as (
  select id, (select coalesce(max(position), 0) from event) + row_number() over (order by id) as position
    from event
   where position is null
)
update event e set position = w.position from waiting w where e.id = w.id;

insert into event_head (position) select coalesce(max(position), 0) from event;

drop index event_unsequenced;
drop index event_position;
alter table event drop column id;
alter table event add primary key (position);
alter table event reset (fillfactor);
