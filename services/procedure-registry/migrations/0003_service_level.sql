-- lienthong.registry.v1.ServiceLevel; 0: not stated, as in every version before.
alter table version add column service_level smallint not null default 0;
