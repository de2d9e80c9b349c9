-- The shipped calendar has changed: Friday 2 January 2026 is swapped with Saturday 10 January, and years without a
-- decision have the days off that the law fixes. Open deadlines are computed again; 1 is the cause CALENDAR.
insert into recomputation (cause, reason)
select 1, 'Ngày nghỉ lễ, tết do luật định (Bộ luật Lao động, Điều 111 và Điều 112) và Công văn 12729/VPCP-KGVX'
 where exists (select from dossier where live);
